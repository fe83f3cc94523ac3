from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0006_electricity_factor_indicator")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="grid_part",
            field=models.CharField(
                blank=True,
                default="",
                help_text="仅省内分属不同电网时需要",
                max_length=20,
                verbose_name="电网区域",
            ),
            preserve_default=False,
        ),
    ]
