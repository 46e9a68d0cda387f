"""A configargparse command line: its options also come from variables and files."""

import pathlib

import configargparse

parser = configargparse.ArgParser(
    default_config_files=["./settings.ini"], description="Reads settings."
)
parser.add("-c", "--settings", is_config_file=True, help="a file of settings")
parser.add("--genome", required=True, env_var="GENOME")
parser.add("--number", type=int, default=3)
parser.add("--tags", nargs="*")
parser.add("files", nargs="+")

if __name__ == "__main__":
    parser.parse_args()
    pathlib.Path("worked").touch()
