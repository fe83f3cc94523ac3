"""What has to fit together inside a standard package: names, units, materials, gases."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import FormulaError, InputError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import compatible
from tanheng.rules.formula import Formula
from tanheng.rules.models import Materials, ProcessesText, Source, StandardText

__all__ = ["check_formulas", "check_processes", "check_standard", "check_validity"]

Keys = tuple[str | int, ...]
Report = Callable[..., None]


def check_standard(text: StandardText, formulas: Iterable[str], units: Mapping[str, str], fault: Report) -> None:
    """Report every name of ``standard.yaml`` that leads nowhere; ``units`` are the results of sound formulas."""
    known = sorted(formulas)
    _check_gases(text, fault)
    for name, source in text.sources.items():
        for n, line in enumerate(source.lines):
            at: Keys = ("sources", name, "lines", n)
            if line.formula not in known:
                fault("standard.unknown_formula", (*at, "formula"), source=name, formula=line.formula, known=known)
            elif line.formula in units and not compatible(units[line.formula], f"t{line.gas}"):
                values = {"quantity": line.formula, "unit": units[line.formula], "expected": [f"t{line.gas}"]}
                fault("standard.unit", (*at, "formula"), **values)
        for n, rule in enumerate(source.take):
            rule_at: Keys = ("sources", name, "take", n)
            _check_materials(rule.materials, (*rule_at, "materials"), fault)
            _check_quantities(rule.requires, (*rule_at, "requires"), fault)
            if rule.formula is not None:
                _check_formula(name, source, rule.formula, (*rule_at, "formula"), known, units, fault)
    for n, entry in enumerate(text.not_counted):
        _check_materials(entry.materials, ("not_counted", n, "materials"), fault)
    for n, unasked in enumerate(text.not_asked):
        _check_materials(unasked.materials, ("not_asked", n, "materials"), fault)
        _check_quantities(unasked.values, ("not_asked", n, "values"), fault)
    _check_materials(text.main_products, ("main_products",), fault)
    _check_accounts(text, fault)
    _check_sums(text, fault)
    _check_wanted(text, fault)
    _check_beside(text, fault)
    _check_constants(text, fault)


def _check_formula(
    name: str, source: Source, formula: str, at: Keys, known: list[str], units: Mapping[str, str], fault: Report
) -> None:
    """A rule may bring a formula of its own where its source has one line: else it is unclear for which gas."""
    if len(source.lines) > 1:
        fault("standard.rule_formula", at, source=name, formula=formula)
    elif formula not in known:
        fault("standard.unknown_formula", at, source=name, formula=formula, known=known)
    elif formula in units and not compatible(units[formula], f"t{source.lines[0].gas}"):
        values = {"quantity": formula, "unit": units[formula], "expected": [f"t{source.lines[0].gas}"]}
        fault("standard.unit", at, **values)


def _check_accounts(text: StandardText, fault: Report) -> None:
    """There is an enterprise account; a source is in some account, a process kind in one only."""
    if "enterprise" not in text.accounts or text.accounts["enterprise"].flows != "boundary":
        fault("standard.no_enterprise_account", ("accounts",))
    counted: dict[str, str] = {}
    for name, account in text.accounts.items():
        at: Keys = ("accounts", name)
        _check_materials(account.made_inside, (*at, "made_inside"), fault)
        for n, source in enumerate(account.sources):
            if source not in text.sources:
                fault(
                    "standard.unknown_source", (*at, "sources", n), name=name, source=source, known=list(text.sources)
                )
        inside = [*account.kinds] or (["*"] if account.flows == "process" and not account.beside else [])
        for kind in inside:
            other = counted.setdefault(kind, name)
            if other != name or (kind != "*" and counted.get("*", name) != name):
                fault("standard.kind_twice", (*at, "kinds"), kind=kind, one=other, other=name)
    for source in text.sources:
        if all(account.sources and source not in account.sources for account in text.accounts.values()):
            fault("standard.source_uncounted", ("sources", source), source=source)


def _check_gases(text: StandardText, fault: Report) -> None:
    if text.gwp.values.get("CO2") != 1:
        fault(
            "standard.value",
            ("gwp", "values"),
            key="CO2",
            given=text.gwp.values.get("CO2"),
            reason="CO2 的 GWP 必须为 1",
        )
    for name, source in text.sources.items():
        for n, line in enumerate(source.lines):
            if line.gas not in text.gwp.values:
                fault("standard.unknown_gas", ("sources", name, "lines", n, "gas"), source=name, gas=line.gas)


def _check_sums(text: StandardText, fault: Report) -> None:
    for name, subtotal in text.subtotals.items():
        for n, source in enumerate(subtotal.sources):
            if source not in text.sources:
                place = ("subtotals", name, "sources", n)
                fault("standard.unknown_source", place, name=name, source=source, known=list(text.sources))
    for name, indicator in text.indicators.items():
        at = ("indicators", name)
        given = indicator.numerator
        known = (
            ["total", *text.sources, *text.subtotals, *text.accounts] if isinstance(given, str) else [*text.accounts]
        )
        used = given if isinstance(given, str) else given.account
        if used not in known:
            fault("standard.unknown_source", (*at, "numerator"), name=name, source=used, known=known)
        _check_materials(indicator.denominator.materials, (*at, "denominator", "materials"), fault)


def _check_wanted(text: StandardText, fault: Report) -> None:
    """Sources that are expected or required are sources; what tells of them are materials."""
    wanted = [("expected_sources", n, name) for n, name in enumerate(text.checks.get("expected_sources") or ())]
    for n, check in enumerate(text.checks.get("required_sources") or ()):
        wanted.append(("required_sources", n, check.get("source")))
        for number, rule in enumerate(check.get("when") or ()):
            at: Keys = ("checks", "required_sources", n, "when", number, "materials")
            _check_materials(tuple(rule.get("materials") or ()), at, fault)
    for key, n, name in wanted:
        if name not in text.sources:
            fault("standard.unknown_source", ("checks", key, n), name=key, source=name, known=list(text.sources))


def _check_beside(text: StandardText, fault: Report) -> None:
    for name, item in text.information.items():
        _check_materials(item.materials, ("information", name, "materials"), fault)
        if name in text.indicators:
            fault("standard.id_twice", ("information", name), id=name)
    for name, rule in text.balances.items():
        _check_materials(rule.materials, ("balances", name, "materials"), fault)


def _check_constants(text: StandardText, fault: Report) -> None:
    for name, constant in text.constants.items():
        if name not in glossary():
            fault("standard.unknown_quantity", ("constants", name), quantity=name)
        else:
            _check_unit(name, constant.unit, ("constants", name, "unit"), fault)
    _check_quantities(text.rounding.parameters, ("rounding", "parameters"), fault)


def check_formulas(formulas: Mapping[str, Formula], fault: Report) -> dict[str, str]:
    """Report every formula that is refused; return the units of the sound ones."""
    sound: dict[str, str] = {}
    for name, formula in formulas.items():
        _check_quantities(formula.terms, (name, "terms"), fault)
        for term, units in formula.terms.items():
            for unit in dict.fromkeys(units):
                _check_unit(term, unit, (name, "terms", term), fault)
        if formula.gives is not None and formula.gives not in glossary():
            fault("formula.derived_gives", (name, "gives"), formula=name, quantity=formula.gives)
        elif formula.gives is not None:
            for unit in formula.units:
                _check_unit(formula.gives, unit, (name, "unit"), fault)
        try:
            formula.check()
        except (FormulaError, InputError) as error:
            fault(error.code, (name, "expr"), **{**error.values, "formula": name})
        else:
            sound[name] = formula.unit
    for name, path in _circular(formulas):
        said = {"formula": formulas[name].zh, "path": " → ".join(path)}
        fault("formula.circular", (name, "expr"), **said, quantity=_zh(formulas[name].gives or ""))
    return sound


def check_validity(text: StandardText, formulas: Mapping[str, Formula], fault: Report) -> None:
    """Report the formulas of sources that do not hold as long as the standard; a derived one may come later."""
    start, end = text.in_force.start, text.in_force.end
    own = [line.formula for source in text.sources.values() for line in source.lines]
    own += [rule.formula for source in text.sources.values() for rule in source.take if rule.formula]
    for name in dict.fromkeys(own):
        formula = formulas.get(name)
        if formula is None:
            continue
        late = formula.valid_from is not None and formula.valid_from > start
        early = formula.valid_to is not None and (end is None or formula.valid_to < end)
        if late or early:
            said = {
                "start": formula.valid_from,
                "end": formula.valid_to or "长期",
                "since": start,
                "until": end or "长期",
            }
            fault("formula.validity", (name, "valid"), formula=name, **said)


def _circular(formulas: Mapping[str, Formula]) -> Iterator[tuple[str, list[str]]]:
    """Yield the formulas that need, in however many steps, the quantity they give, with the way there and back."""
    needs: dict[str, dict[str, Formula]] = {}
    for formula in formulas.values():
        for term in formula.terms if formula.gives is not None else ():
            needs.setdefault(formula.gives or "", {}).setdefault(term, formula)
    for name, formula in formulas.items():
        ways: dict[str, list[str]] = {term: [_step(formula)] for term in formula.terms}
        open_terms = list(ways) if formula.gives is not None else []
        while open_terms and formula.gives not in ways:
            term = open_terms.pop(0)  # nearest first: the shortest way is the one to show
            for further, by in needs.get(term, {}).items():
                if further not in ways:
                    ways[further] = [*ways[term], _step(by)]
                    open_terms.append(further)
        if formula.gives in ways:
            yield name, [*ways[formula.gives], _zh(formula.gives)]


def _step(formula: Formula) -> str:
    return f"{_zh(formula.gives or '')}（公式“{formula.zh}”）"


def _zh(quantity: str) -> str:
    return glossary()[quantity].zh if quantity in glossary() else quantity


def check_processes(text: ProcessesText, fault: Report) -> None:
    """Report unknown materials and quantities of the plant template."""
    for p, process in enumerate(text.processes):
        if process.product is not None:
            _check_materials((process.product,), ("processes", p, "product"), fault)
        for n, stream in enumerate(process.streams):
            at = ("processes", p, "streams", n)
            _check_materials((stream.material,), (*at, "material"), fault)
            _check_quantities(stream.values, (*at, "values"), fault)
    for n, stream in enumerate(text.boundary_streams):
        _check_materials((stream.material,), ("boundary_streams", n, "material"), fault)
        _check_quantities(stream.values, ("boundary_streams", n, "values"), fault)


def _check_materials(names: Materials, at: Keys, fault: Report) -> None:
    for name in names if names != "*" else ():
        if name not in materials():
            fault("standard.unknown_material", at, material=name)


def _check_quantities(names: Iterable[str], at: Keys, fault: Report) -> None:
    for name in names:
        if name not in glossary():
            fault("standard.unknown_quantity", (*at, name), quantity=name)


def _check_unit(quantity: str, unit: str, at: Keys, fault: Report) -> None:
    if quantity in glossary():
        known = glossary()[quantity].all_units
        if not any(compatible(unit, each) for each in known):
            fault("standard.unit", at, quantity=quantity, unit=unit, expected=list(known))
