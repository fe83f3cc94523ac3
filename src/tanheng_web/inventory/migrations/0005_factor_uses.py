from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_ledger_books_required")]

    operations = [
        migrations.CreateModel(
            name="FactorUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor_id", models.CharField(help_text="因子库中的编号", max_length=160, verbose_name="因子编号")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="factor_uses",
                        to="inventory.run",
                        verbose_name="核算",
                    ),
                ),
            ],
            options={
                "verbose_name": "因子使用",
                "verbose_name_plural": "因子使用",
                "ordering": ["run", "factor_id"],
                "indexes": [models.Index(fields=["factor_id", "version"], name="factor_use_by_factor")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "factor_id", "version"), name="factor_use_once")
                ],
            },
        )
    ]
