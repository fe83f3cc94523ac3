"""What each URL of this room needs; `common/tests/test_access_matrix.py` calls every one as every role."""

from tanheng_web.catalogue.factors.access import ACCESS as FACTORS
from tanheng_web.catalogue.materials.access import ACCESS as MATERIALS
from tanheng_web.catalogue.processes.access import ACCESS as PROCESSES
from tanheng_web.catalogue.standards.access import ACCESS as STANDARDS
from tanheng_web.common.access import Access

__all__ = ["ACCESS"]

ACCESS: dict[str, Access] = {**FACTORS, **MATERIALS, **PROCESSES, **STANDARDS}
