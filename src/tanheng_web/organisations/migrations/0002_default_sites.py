"""Enterprises that report get their first site, and their processes lie there."""

from django.db import migrations


def add_sites(apps, schema_editor):
    Organisation, Site, Process = (
        apps.get_model("organisations", name) for name in ("Organisation", "Site", "Process")
    )
    for organisation in Organisation.objects.filter(kind="company", sites=None).iterator():
        Site.objects.create(organisation=organisation, name="主厂区", province=organisation.province)
    for organisation in Organisation.objects.filter(processes__site=None).distinct():
        site = Site.objects.filter(organisation=organisation).order_by("pk").first()
        Process.objects.filter(organisation=organisation, site=None).update(site=site)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunPython(add_sites, migrations.RunPython.noop)]
