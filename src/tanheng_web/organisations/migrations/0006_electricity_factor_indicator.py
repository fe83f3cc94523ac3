from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0005_standard_choices")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="electricity_factor_indicator",
            field=models.CharField(
                blank=True,
                choices=[
                    ("average", "电网平均"),
                    ("average_excl_market_nonfossil", "电网平均（不含市场化交易的非化石电量）"),
                    ("fossil", "化石能源电力"),
                ],
                default="",
                help_text="后两种口径只有全国值",
                max_length=32,
                verbose_name="电力因子口径",
            ),
        )
    ]
