"""Judge portfolio files by a policy in Rego, the language of OPA and conftest.

python benchmarks/rego.py POLICY FILE…    ends with 3 where the policy denies anything

The files are read by libyaml and the policy is evaluated by regorus, an engine in Rust: neither OPA
nor conftest comes as a package of the registries that Python's and Node's tools come from.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

import opa_eval
import yaml


def main() -> int:
    """Print what is denied in each file."""
    gc.disable()
    policy = opa_eval.OpaEval(sys.argv[1], query="data.main.deny")
    denied = 0
    for name in sys.argv[2:]:
        # a date of YAML is a text in JSON
        value = yaml.load(Path(name).read_bytes(), Loader=yaml.CSafeLoader)
        for message in policy.evaluate_parsed(json.dumps(value, default=str)):
            print(f"{name}: {message}")
            denied += 1
    return 3 if denied else 0


if __name__ == "__main__":
    sys.exit(main())
