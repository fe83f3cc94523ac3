"""Both plants and the year results of the accounts, made once."""

import pytest

from tanheng.accounting.run import run
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import SiteInfo
from tanheng_web.demo.plants.aluminium import aluminium_plant
from tanheng_web.demo.plants.as_streams import stream_set
from tanheng_web.demo.plants.steel import steel_plant

_STEEL = (steel_plant, "gbt_32151_5_2015", SiteInfo("河北", main_product="crude_steel", name="示范钢铁"))
_ALUMINIUM = (aluminium_plant, "gbt_32151_4_2015", SiteInfo("山东", main_product="aluminium", name="示范铝业"))


@pytest.fixture(scope="session")
def steel():
    return steel_plant()


@pytest.fixture(scope="session")
def aluminium():
    return aluminium_plant()


def _years(plant, standard, site):
    loaded = load_standard(standard)
    return {
        year: run(loaded, stream_set(plant(), site, year), period=Period.parse(str(year))).data
        for year in (2023, 2024, 2025)
    }


@pytest.fixture(scope="session")
def steel_results():
    return _years(*_STEEL)


@pytest.fixture(scope="session")
def aluminium_results():
    return _years(*_ALUMINIUM)
