"""One file for each verb: parse arguments, call one function, print."""
