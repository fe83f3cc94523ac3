"""A posted result leaves the list of the factors that it used."""

from importlib import import_module

from django.apps import apps

from tanheng_web.inventory.factor_uses import factors_used, runs_using
from tanheng_web.inventory.models import FactorUse


def test_a_posted_run_keeps_which_factors_it_used(run, works):
    used = factors_used(run.open())
    assert ("average:regional:north:2023", 1) in used
    assert sorted(FactorUse.objects.filter(run=run).values_list("factor_id", "version")) == used


def test_results_are_found_by_their_factor_within_the_enterprises_asked_for(run, works, world):
    factor = "average:regional:north:2023"
    assert run in runs_using(factor, organisations=[works])
    assert not runs_using(factor, organisations=[world.foreign]).exists()
    assert not runs_using(factor, organisations=[works], version=2).exists()


def test_the_migration_reads_the_factors_of_older_results(run):
    before = sorted(FactorUse.objects.values_list("run", "factor_id", "version"))
    FactorUse.objects.all().delete()
    import_module("tanheng_web.inventory.migrations.0006_factor_uses_filled").fill(apps, None)
    assert sorted(FactorUse.objects.values_list("run", "factor_id", "version")) == before
