"""Process templates of an enterprise's own: kept, offered beside those of the standards, and set up with all parts."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng_web.catalogue.materials import selectors as materials
from tanheng_web.catalogue.materials import services as rules
from tanheng_web.catalogue.models import OwnProcessTemplate
from tanheng_web.catalogue.processes import selectors, services
from tanheng_web.collection.models import SourceStream
from tanheng_web.common.models import AuditEntry
from tanheng_web.organisations.models import Process

PARTS = ["鼓风", "热风炉", "高炉本体", "TRT"]


def added(world, by="manager", organisation=None, **given):
    values = {"zh": "带 TRT 的高炉", "kind": "ironmaking", "parts": PARTS, **given}
    return services.template_add(organisation=organisation or world.works, by=world.people[by], **values)


def url(name, world, **values):
    return reverse(f"catalogue:{name}", kwargs={"org": world.works.pk, **values})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"zh": "高炉/一"}, "web.process_name"),
        ({"parts": ["本体", "本体"]}, "web.process_name_taken"),
        ({"parts": [f"设备{n}" for n in range(41)]}, "process_template.too_many"),
        ({"kind": "no_such_kind"}, "process_template.kind"),
    ],
)
def test_a_template_that_cannot_be_set_up_is_refused(world, given, code):
    with pytest.raises(InputError) as refused:
        added(world, **given)
    assert refused.value.code == code


def test_a_name_is_given_once_and_a_kind_of_its_own_has_a_mapping_of_its_own(world):
    row = added(world, zh="钢渣热闷", kind="")
    with pytest.raises(InputError):
        added(world, zh="钢渣热闷")
    assert row.kind == f"own_{row.pk}" and materials.kinds_of(world.works)[row.kind] == "钢渣热闷"
    rules.rule_set(
        organisation=world.works, by=world.people["manager"], kind=row.kind, material="slag", role="raw_material",
        direction="in", use="proposed",
    )  # fmt: skip
    template = selectors.template_named(world.works, f"own:{row.pk}")
    assert [flow.material for flow in selectors.flows_of(world.works, template)] == ["slag"]


def test_templates_of_the_group_serve_its_works_and_no_other(world):
    row = added(world, by="group_admin", organisation=world.group)
    assert f"own:{row.pk}" in {each.key for each in selectors.templates_of(world.works)}
    assert f"own:{row.pk}" not in {each.key for each in selectors.templates_of(world.foreign)}
    for person in ("reporter", "viewer", "stranger"):
        with pytest.raises(PermissionDenied):
            added(world, by=person)


def test_the_pages_keep_a_template_and_set_up_a_process_with_its_parts_and_streams(world, sign_in):
    client = sign_in("manager")
    page = client.get(url("process-templates", world)).content.decode()
    assert "高炉炼铁" in page and "煤气净化与TRT、BPRT" in page
    copied = client.get(url("process-template-add", world), {"from": "std:ironmaking"}).content.decode()
    assert "热风炉" in copied
    given = {"zh": "带 TRT 的高炉", "kind": "ironmaking", "parts": "\n".join(PARTS)}
    assert client.post(url("process-template-add", world), given).status_code == 302
    row = OwnProcessTemplate.objects.get()
    assert row.parts == PARTS
    use = url("process-from-template", world)
    form = client.get(use, {"template": f"own:{row.pk}"}).context["form"]
    coke = next(key for key, flow in form.flows.items() if flow.material == "coke" and flow.direction == "in")
    sent = {"template": f"own:{row.pk}", "name": "2号高炉", "parts": ["热风炉", "TRT"], "flows": [coke]}
    assert client.post(use, sent).status_code == 302
    made = {process.path: process.kind for process in Process.objects.filter(organisation=world.works)}
    assert made["2号高炉"] == "ironmaking" and set(made) >= {"2号高炉/热风炉", "2号高炉/TRT"}
    stream = SourceStream.objects.get()
    assert (stream.material, stream.process.name) == ("coke", "2号高炉")
    again = client.post(use, sent)
    assert again.status_code == 422 and Process.objects.filter(name="2号高炉").count() == 1
    assert client.get(use, {"template": "own:999"}).status_code == 404
    changed = {**given, "parts": "热风炉"}
    assert client.post(url("process-template", world, template=row.pk), changed).status_code == 302
    assert Process.objects.filter(name="TRT").exists()  # what was set up stays
    client.post(url("process-template-remove", world, template=row.pk))
    assert not OwnProcessTemplate.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"process_template.add", "process_template.change", "process_template.remove"} <= actions


def test_a_standard_s_own_template_is_set_up_later_too(world, sign_in):
    client = sign_in("manager")
    sent = {"template": "std:coking", "name": "二焦", "parts": ["备煤（含煤调湿）"]}
    assert client.post(url("process-from-template", world), sent).status_code == 302
    assert Process.objects.get(name="二焦").children.get().name == "备煤（含煤调湿）"
