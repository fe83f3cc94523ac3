"""Read the factors of the results posted so far out of their documents."""

import json
import zlib

from django.db import migrations

BATCH = 20  # documents are large


def fill(apps, schema_editor):
    runs = apps.get_model("inventory", "Run").objects.filter(status="done", document__isnull=False)
    uses = apps.get_model("inventory", "FactorUse").objects
    for run in runs.only("pk", "document").order_by("pk").iterator(chunk_size=BATCH):
        provenance = json.loads(zlib.decompress(bytes(run.document)))["provenance"]
        found = {
            (entry["factor_id"], int(entry.get("version", 1)))
            for entry in provenance
            if entry.get("kind") == "library" and entry.get("factor_id")
        }
        uses.bulk_create([uses.model(run_id=run.pk, factor_id=key, version=version) for key, version in sorted(found)])


def empty(apps, schema_editor):
    apps.get_model("inventory", "FactorUse").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_factor_uses")]

    operations = [migrations.RunPython(fill, empty)]
