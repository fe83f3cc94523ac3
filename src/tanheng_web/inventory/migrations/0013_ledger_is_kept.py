"""Neither a run nor an enterprise that the ledger holds lines of can be deleted: the lines would go with it."""

import django.db.models.deletion
from django.db import migrations, models


def kept(to: str, related: str, zh: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to, verbose_name=zh, **more
    )


def kept_once(to: str, related: str, zh: str, **more: object) -> models.OneToOneField:
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to, verbose_name=zh, **more
    )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0012_template_packs")]

    operations = [
        migrations.AlterField("ledgerbook", "organisation", kept("organisations.organisation", "ledger_books", "企业")),
        migrations.AlterField(
            "ledgerbook",
            "run",
            kept_once("inventory.run", "+", "现行核算", null=True, blank=True, help_text="空：并入了另一本账"),
        ),
        migrations.AlterField("ledgerposting", "book", kept("inventory.ledgerbook", "postings", "账册")),
        migrations.AlterField("ledgerposting", "run", kept_once("inventory.run", "posting", "核算")),
        migrations.AlterField("ledgerentry", "book", kept("inventory.ledgerbook", "entries", "账册")),
        migrations.AlterField("ledgerentry", "run", kept("inventory.run", "entries", "记入的核算")),
        migrations.AlterField(
            "ledgerentry", "superseded_by", kept("inventory.run", "+", "由何次核算替代", null=True, blank=True)
        ),
    ]
