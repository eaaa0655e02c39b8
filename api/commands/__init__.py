"""The commands of the command line, one file for each family. `api/cli.py` puts them together."""
