"""python -m initbench: the command line, where its script is not on the path."""

from initbench.cli import main

if __name__ == "__main__":
    main()
