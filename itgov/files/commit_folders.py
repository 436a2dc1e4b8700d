"""Where a portfolio was at each commit: folders are renamed, and `itgov.yaml` may say otherwise."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec

from itgov.files.git_history import Commit, History
from itgov.files.git_snapshot import TREE, Snapshot
from itgov.files.object_ids import blob_id
from itgov.files.reader import read
from itgov.files.repository import Config, Paths
from itgov.files.repository_roots import CONFIG
from itgov.files.sources import RawFile, Version


class FolderFinder:
    """Finds the folders of portfolio and rules, commit after commit, the newest first."""

    def __init__(self, history: History, config: Config) -> None:
        self.history = history
        self.config = config
        """What `itgov.yaml` says today, for commits whose own says nothing of use."""
        self._root = history.prefix
        self._portfolios = config.paths.portfolios
        self._known: dict[str, str] = {}
        """The blobs of the last portfolio seen, with their paths in it."""
        self._lost = False
        self._config: tuple[RawFile, tuple[Paths, list[str]]] | None = None
        """What the last `itgov.yaml` seen says: it seldom changes from commit to commit."""

    def of(self, commit: Commit) -> Version[Snapshot]:
        """Return where things were at a commit, which is older than all asked about before."""
        snapshot = self.history.snapshot(commit, self._root)
        paths, packs = self._config_at(snapshot)
        for folder in dict.fromkeys((paths.portfolios, self._portfolios)):
            if self._remember(snapshot, folder):
                return Version(
                    snapshot, folder, (paths.rules, *packs), paths.reviews, paths.scenarios
                )
        moved = self._moved(commit)
        if moved is not None:
            self._root, self._portfolios = moved
            snapshot = self.history.snapshot(commit, self._root)
            self._remember(snapshot, self._portfolios)
            paths, packs = self._config_at(snapshot)
        return Version(
            snapshot, self._portfolios, (paths.rules, *packs), paths.reviews, paths.scenarios
        )

    def ask_ahead(self, commits: Sequence[Commit]) -> None:
        """Ask git at once for the folders that are looked at for some commits."""
        objects = self.history.objects
        trees = {c.tree for c in commits}
        objects.ask_ahead(trees)
        for step in PurePosixPath(self._root, self._portfolios).parts:
            below = [objects.tree(t).get(step) for t in trees if objects.has_ahead(t)]
            trees = {entry.id for entry in below if entry is not None and entry.mode == TREE}
            objects.ask_ahead(trees)

    def remember(self, files: Iterable[RawFile], folder: str) -> None:
        """Take the files of a folder as the newest state, so that older ones are found by them."""
        self._known = {blob_id(f.data): f.path[len(folder) + 1 :] for f in files if not f.problem}

    def _remember(self, snapshot: Snapshot, folder: str) -> bool:
        listing = snapshot.listing(folder)
        if listing:
            self._known = {blob: path[len(folder) + 1 :] for path, blob in listing if blob}
            self._lost = False
        return bool(listing)

    def _moved(self, commit: Commit) -> tuple[str, str] | None:
        """Return root and folder where the files of the next commit were at this one, if anywhere.

        They are known by their content: of the folders that hold files of the same blob under the
        same name, the one with most.
        """
        if self._lost or not self._known:
            return None
        seen: Counter[str] = Counter()
        whole = self.history.snapshot(commit, "")
        for path, blob in whole.listing("."):
            name = self._known.get(blob or "")
            if name is not None and path.endswith(f"/{name}"):
                seen[path.removeprefix("./").removesuffix(f"/{name}")] += 1
        if not seen:
            self._lost = True  # nothing like it: the portfolio begins later
            return None
        folder = PurePosixPath(seen.most_common(1)[0][0])
        wanted = PurePosixPath(self._portfolios)
        if folder.parts[-len(wanted.parts) :] == wanted.parts:
            root = "/".join(folder.parts[: -len(wanted.parts)])
            return root, self._portfolios
        root = self._root
        if root and root != str(folder) and not str(folder).startswith(f"{root}/"):
            return str(folder.parent) if len(folder.parts) > 1 else "", folder.name
        return root, str(folder)[len(root) :].strip("/")

    def _config_at(self, snapshot: Snapshot) -> tuple[Paths, list[str]]:
        """Return the folders that a commit's own `itgov.yaml` names, else the usual ones."""
        raw = snapshot.file(CONFIG)
        if raw is None:
            return Paths(), []
        if self._config is None or self._config[0] != raw:
            self._config = raw, self._said_by(raw)
        return self._config[1]

    def _said_by(self, raw: RawFile) -> tuple[Paths, list[str]]:
        _, data, problems = read(CONFIG, raw.data)
        try:
            if problems or raw.problem is not None or not isinstance(data, dict):
                raise msgspec.ValidationError
            paths = msgspec.convert(data.get("paths", {}), Paths)
            packs: Any = data.get("rule_packs", data.get("rule-packs", []))
            packs = msgspec.convert(packs, list[str])
        except msgspec.ValidationError:
            return self.config.paths, list(self.config.rule_packs)
        names = (*paths.all, *packs)
        if any(os.path.isabs(n) or ".." in PurePosixPath(n).parts for n in names):
            return self.config.paths, list(self.config.rule_packs)
        return paths, packs
