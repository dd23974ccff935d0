"""Run a task: ``python -m carelab <task>``."""

import sys

from carelab.cli import main

sys.exit(main())
