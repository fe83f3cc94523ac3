"""``python -m tanheng.cli``."""

import sys

from tanheng.cli.main import main

sys.exit(main())
