"""What is asked before a study: method, draws, seed, and for every variable how far it may be off or is to be moved."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.errors import TanhengError
from tanheng.kernel.quantities import parse_number
from tanheng.uncertainty.distributions import parse_distribution
from tanheng_web.inventory.models import UncertaintyStudy
from tanheng_web.inventory.uncertainty.selectors import Variable

__all__ = ["DEFAULT", "KINDS", "StudyForm"]

DEFAULT, KEEP = "", "fixed"
KINDS = [
    (DEFAULT, _("按缺省")),
    (KEEP, _("不变")),
    ("normal", _("正态 ±")),
    ("lognormal", _("对数正态 ±")),
    ("uniform", _("均匀 ±")),
    ("triangular", _("三角 ±")),
]
DRAWS = {"monte_carlo": 10_000, "tornado": 2, "morris": 40, "sobol": 1024}
BOUNDS = {"monte_carlo": (100, 1_000_000), "morris": (4, 1000), "sobol": (64, 65_536)}


class StudyForm(forms.Form):
    """One form for all methods; the rows of variables are read by :meth:`parameters`."""

    n = forms.IntegerField(label=_("抽样次数"), min_value=2)
    seed = forms.IntegerField(label=_("随机种子"), min_value=0, max_value=2**31, initial=1)
    months = forms.ChoiceField(
        label=_("同一计量的各月"),
        choices=[("shared", _("误差相同（稳妥）")), ("independent", _("误差各自独立"))],
        initial="shared",
        required=False,
    )

    def __init__(
        self, *args: Any, method: str, variables: Sequence[Variable], others_move: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"n": DRAWS[method]} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.method, self.variables, self.others_move = method, variables, others_move
        self.row_faults: dict[int, str] = {}
        if method != UncertaintyStudy.Method.MONTE_CARLO:
            del self.fields["months"]
        if method == UncertaintyStudy.Method.TORNADO:
            del self.fields["n"], self.fields["seed"]
        if method in BOUNDS:
            low, high = BOUNDS[method]
            words = {"morris": _("轨迹数"), "sobol": _("基础样本数（2 的幂）")}
            self.fields["n"] = forms.IntegerField(
                label=words.get(method, _("抽样次数")), min_value=low, max_value=high, initial=DRAWS[method]
            )
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "months" else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reader = self._overrides if self.method == UncertaintyStudy.Method.MONTE_CARLO else self._ranges
        cleaned["rows"] = reader()
        if self.row_faults:
            raise forms.ValidationError(_("有 %d 个变量的输入需要修改，见下表。") % len(self.row_faults))
        if self.method == UncertaintyStudy.Method.MONTE_CARLO and not self._moves(cleaned["rows"]):
            raise forms.ValidationError(_("没有一个变量有分布，无法抽样。请至少为一个变量选定分布。"))
        n = cleaned.get("n")
        if self.method == UncertaintyStudy.Method.SOBOL and n and n & (n - 1):
            self.add_error("n", _("应为 2 的幂，如 512、1024、2048。"))
        return cleaned

    def _moves(self, chosen: dict[str, Any]) -> bool:
        """Whether any variable is left with a distribution."""
        return self.others_move or any(
            chosen[each.id] is not None if each.id in chosen else each.has_distribution for each in self.variables
        )

    def _overrides(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for at, variable in enumerate(self.variables):
            kind, spread = self.data.get(f"k{at}", DEFAULT), self.data.get(f"p{at}", "").strip()
            if kind == DEFAULT:
                continue
            if kind == KEEP:
                found[variable.id] = None
                continue
            given = {kind: spread if spread.endswith(("%", "％")) else f"{spread} %"}
            try:
                parse_distribution(given, value=variable.value)
            except TanhengError as fault:
                self.row_faults[at] = fault.zh()
            else:
                found[variable.id] = given
        return found

    def _ranges(self) -> list[list[Any]]:
        found = []
        for at, variable in enumerate(self.variables):
            if f"c{at}" not in self.data:
                continue
            try:
                low, high = (self._share(self.data.get(f"{part}{at}", "")) for part in "lh")
            except TanhengError as fault:
                self.row_faults[at] = fault.zh()
                continue
            if not -1 <= low < high <= 10:
                self.row_faults[at] = str(_("下限应小于上限，且在 −100% 与 +1000% 之间。"))
            elif variable.most is not None and high > variable.most - 1 + 5e-5:
                most = f"{(variable.most - 1) * 100:.2f}"
                self.row_faults[at] = str(_("这是份额，不能超过 1：上限不大于 +%s%%。") % most)
            found.append([variable.id, low, high])
        return found

    @staticmethod
    def _share(text: str) -> float:
        return float(parse_number(text.strip().rstrip("%％").strip() or "?")) / 100

    def mix(self) -> dict[str, Any] | None:
        """Read the price-driven mix; None where it is not asked for. Faults are added to the form."""
        if not self.data.get("mix_source") or not self.data.get("mix_target"):
            return None
        try:
            numbers = {name: self._share(self.data.get(f"mix_{name}", "")) for name in ("low", "high")}
            for name in ("elasticity", "rate"):
                numbers[name] = float(parse_number(self.data.get(f"mix_{name}", "").strip() or "?"))
        except TanhengError as fault:
            self.add_error(None, f"{_('用能替代')}：{fault.zh()}")
            return None
        return {"source": self.data["mix_source"], "target": self.data["mix_target"], **numbers}

    def parameters(self) -> dict[str, Any]:
        """Return what the study keeps: draws, seed, choices."""
        cleaned = self.cleaned_data
        common = {"n": cleaned.get("n") or DRAWS[self.method], "seed": cleaned.get("seed") or 0}
        if self.method == UncertaintyStudy.Method.MONTE_CARLO:
            return common | {"months": cleaned.get("months") or "shared", "overrides": cleaned["rows"]}
        return common | {"ranges": cleaned["rows"], "mix": self.mix()}
