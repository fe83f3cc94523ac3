"""不确定性: studies as jobs, their pages, what is refused, and that a finished one never changes."""

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tanheng.kernel.canonical_json import digest
from tanheng.kernel.errors import TanhengError
from tanheng_web.common.jobs import Cancelled
from tanheng_web.common.models import AuditEntry
from tanheng_web.inventory.models import UncertaintyStudy
from tanheng_web.inventory.uncertainty import services
from tanheng_web.inventory.uncertainty.selectors import variables_of
from tanheng_web.inventory.uncertainty.services import study_create, study_execute_now

pytestmark = pytest.mark.django_db

MONTE_CARLO = {"n": 1000, "seed": 3, "months": "shared", "overrides": {}}


def sign_in(client, world, name: str):
    client.force_login(world.people[name])
    return client


@pytest.fixture
def study(run, world):
    return study_execute_now(run=run, method="monte_carlo", parameters=MONTE_CARLO, by=world.people["manager"])


def test_a_study_keeps_run_parameters_document_and_digest(study, run):
    document = study.open()
    assert document["schema"] == "tanheng/uncertainty/1"
    assert document["run"]["digest"] == run.digest
    assert digest(study.json_bytes()) == study.digest
    assert study.sentence.startswith("只计有依据的偏差，有 95% 的把握，排放总量在")
    assert document["summary"]["low"] < document["total"]["value"] < document["summary"]["high"]


def test_the_same_parameters_give_the_same_bytes(study, run, world):
    again = study_execute_now(run=run, method="monte_carlo", parameters=MONTE_CARLO, by=world.people["manager"])
    assert again.digest == study.digest
    assert again.pk != study.pk


@pytest.mark.parametrize("method", ["monte_carlo", "tornado", "morris", "sobol"])
def test_every_method_has_a_form_a_page_and_a_document(client, run, world, method):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    shown = client.get(url, {"run": run.pk, "method": method})
    assert shown.status_code == 200
    draws = {"monte_carlo": 500, "morris": 10, "sobol": 64}.get(method, 2)
    data = {"run": run.pk, "method": method, "n": draws, "seed": 1}
    rows = {f"c{at}": "on" for at in range(4)}
    rows |= {f"{end}{at}": text for at in range(9) for end, text in (("l", "-5"), ("h", "5"))}
    answer = client.post(url, data | (rows if method != "monte_carlo" else {"months": "shared"}))
    assert answer.status_code == 302
    made = UncertaintyStudy.objects.get()
    study_execute_now(run=run, method=method, parameters=made.parameters, by=world.people["manager"])
    done = UncertaintyStudy.objects.filter(status="done").get()
    page = client.get(reverse("inventory:uncertainty-study", args=[run.organisation_id, done.pk]))
    assert page.status_code == 200
    assert done.sentence in page.content.decode()
    document = client.get(reverse("inventory:uncertainty-document", args=[run.organisation_id, done.pk]))
    assert json.loads(document.content)["method"] == method


def test_a_chosen_distribution_replaces_the_default(client, run, world):
    sign_in(client, world, "manager")
    first = variables_of(run)[0]
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    data = {"run": run.pk, "method": "monte_carlo", "n": 500, "seed": 1, "k0": "normal", "p0": "7.5", "k1": "fixed"}
    assert client.post(url, data).status_code == 302
    made = UncertaintyStudy.objects.get()
    assert made.parameters["overrides"][first.id] == {"normal": "7.5 %"}
    assert list(made.parameters["overrides"].values())[1] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"k0": "normal", "p0": "一点点"},
        {"k0": "normal", "p0": "150"},
        {"k0": "uniform", "p0": ""},
        {"n": "5"},
        {"n": "99999999"},
        {"seed": "-1"},
    ],
)
def test_wrong_input_comes_back_with_a_sentence(client, run, world, wrong):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    data = {"run": run.pk, "method": "monte_carlo", "n": 500, "seed": 1} | wrong
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not UncertaintyStudy.objects.exists()


def test_a_study_in_which_nothing_moves_is_refused_at_once(client, run, world):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    still = {f"k{at}": "fixed" for at in range(len(variables_of(run)))}
    answer = client.post(url, {"run": run.pk, "method": "monte_carlo", "n": 500, "seed": 1} | still)
    assert answer.status_code == 422
    assert "请至少为一个变量选定分布" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"l0": "10", "h0": "-10"}, {"l0": "x", "h0": "5"}, {"n": "100"}])
def test_wrong_ranges_come_back_with_a_sentence(client, run, world, wrong):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    data = {"run": run.pk, "method": "sobol", "n": 128, "seed": 1, "c0": "on", "l0": "-5", "h0": "5"} | wrong
    assert client.post(url, data).status_code == 422


def test_a_mix_needs_its_numbers(client, run, world):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    names = [each.id for each in variables_of(run) if each.id.startswith("quantity@")]
    mix = {"mix_source": names[0], "mix_target": names[1], "mix_low": "-20", "mix_high": "20"}
    data = {"run": run.pk, "method": "tornado"} | mix
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"mix_elasticity": "0.3", "mix_rate": "0.02"}).status_code == 302
    assert UncertaintyStudy.objects.get().parameters["mix"]["elasticity"] == 0.3


def test_a_study_that_cannot_be_done_says_why(run, world):
    parameters = {"n": 500, "seed": 1, "months": "shared", "overrides": {"nothing": {"normal": "1 %"}}}
    with pytest.raises(TanhengError):
        study_execute_now(run=run, method="monte_carlo", parameters=parameters, by=world.people["manager"])
    failed = UncertaintyStudy.objects.get()
    assert failed.status == "failed"
    assert "nothing" in failed.fault


def test_ordering_a_study_is_a_job_and_is_logged(run, world, django_capture_on_commit_callbacks):
    parameters = {"n": 2, "seed": 0, "ranges": []}
    with django_capture_on_commit_callbacks(execute=False):
        study = study_create(run=run, method="tornado", parameters=parameters, by=world.people["manager"])
    assert study.job.kind == "study"
    assert AuditEntry.objects.filter(action="study.create").exists()


def test_another_enterprise_does_not_see_it(client, study, world):
    sign_in(client, world, "stranger")
    for org in (world.works.pk, world.foreign.pk):
        assert client.get(reverse("inventory:uncertainty-study", args=[org, study.pk])).status_code == 404


def test_the_list_tells_the_finding(client, study, world):
    sign_in(client, world, "viewer")
    page = client.get(reverse("inventory:uncertainty", args=[study.run.organisation_id]))
    assert study.sentence in page.content.decode()


def test_a_cancelled_study_leaves_no_document(run, world):
    study = UncertaintyStudy.objects.create(
        run=run, method="monte_carlo", parameters=MONTE_CARLO | {"n": 100_000}, created_by=world.people["manager"]
    )

    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        services._execute(study, stop)
    study.refresh_from_db()
    assert (study.status, study.fault, study.document) == ("failed", "已取消。", None)


def test_done_without_a_document_is_refused_by_the_database(run, world):
    with pytest.raises(IntegrityError), transaction.atomic():
        UncertaintyStudy.objects.create(run=run, method="sobol", status="done", created_by=world.people["manager"])


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_report_of_a_study_is_stored_with_its_digest(study, world, kind):
    report = services.study_report_store(
        study=study, kind=kind, body=services._report_bytes(study, kind), by=world.people["manager"]
    )
    body = report.file.read()
    assert hashlib.sha256(body).hexdigest() == report.sha256
    assert body[:4] in (b"PK\x03\x04", b"%PDF")


def test_reports_need_a_finished_study_and_a_known_kind(study, run, world):
    waiting = UncertaintyStudy.objects.create(run=run, method="morris", created_by=world.people["manager"])
    for asked, kind in ((waiting, "docx"), (study, "xlsx")):
        with pytest.raises(TanhengError):
            services.study_report_create(study=asked, kind=kind, by=world.people["manager"])


def test_lists_take_few_queries(client, study, world, django_assert_max_num_queries):
    sign_in(client, world, "manager")
    with django_assert_max_num_queries(20):
        client.get(reverse("inventory:uncertainty", args=[study.run.organisation_id]))


def test_an_account_or_a_source_is_chosen_on_the_page_and_named_wherever_the_study_is_shown(client, run, world):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    page = client.get(url, {"run": run.pk, "of": "source:fuel_combustion"}).content.decode()
    assert '<option value="source:fuel_combustion" selected>' in page
    assert '<optgroup label="小计">' in page
    data = {"run": run.pk, "method": "monte_carlo", "of": "source:fuel_combustion", "n": 500, "seed": 1}
    assert client.post(url, data).status_code == 302
    made = UncertaintyStudy.objects.get()
    assert made.parameters["of"] == "source:fuel_combustion"
    done = study_execute_now(run=run, method="monte_carlo", parameters=made.parameters, by=world.people["manager"])
    document = done.open()
    assert document["subject"]["address"] == "source:fuel_combustion"
    assert document["total"]["value"] == run.summary["sources"]["fuel_combustion"]["value"]
    assert document["subject"]["label"] in done.sentence
    shown = client.get(reverse("inventory:uncertainty-study", args=[run.organisation_id, done.pk])).content.decode()
    assert document["subject"]["label"] in shown


def test_a_figure_that_the_result_does_not_have_falls_back_to_the_total(client, run, world):
    sign_in(client, world, "manager")
    url = reverse("inventory:uncertainty-new", args=[run.organisation_id])
    page = client.get(url, {"run": run.pk, "of": "process:其他"}).content.decode()
    assert '<option value="total" selected>' in page


def test_a_study_made_before_figures_could_be_chosen_is_still_shown(client, study, run, world):
    """What was stored has no ``subject`` and no ``of``: it is about the total."""
    from tanheng.reporting.uncertainty_report_blocks import results
    from tanheng.uncertainty.words import study_sentence

    document = study.open()
    del document["subject"]
    assert "排放总量" in study_sentence(document)
    assert results(document)
