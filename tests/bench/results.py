"""All that one run of the bench found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.costs import Cost
from tests.bench.costs import table_of as table_of_costs
from tests.bench.figures import Figure, Figures, of_costs, of_frame, of_idle, of_measures, of_pages
from tests.bench.flanders import Flanders
from tests.bench.frame import FrameCost
from tests.bench.idle import Idle
from tests.bench.page_measures import Details, table_of
from tests.bench.peers import beside
from tests.bench.report import Measure, table


@dataclass(frozen=True, slots=True)
class Results:
    """`not_logged` are actions of which the log does not hold as many entries as there were acts."""

    measures: Sequence[Measure]
    costs: Sequence[Cost]
    pages: Sequence[Details]
    flanders: Flanders
    not_logged: Mapping[str, str]
    bare: Sequence[Cost] = ()
    frame: Sequence[FrameCost] = ()
    idle: Sequence[Idle] = ()

    def tables(self) -> str:
        """For whoever ran it."""
        tables = [table(self.measures), table_of(self.pages), table_of_costs(self.costs), str(self.flanders)]
        tables += ["\n".join(part.line() for part in self.idle)]
        return "\n\n".join(["", *tables, *([beside(self.costs, self.bare)] if self.bare else []), ""])

    def kinds(self, workers: int) -> dict[str, Figures]:
        """For docs, and for comparing: what can be compared with each other stands together."""
        if workers > 1:
            return {f"{workers} workers": of_costs(self.costs)}
        provisioning = {f"{self.flanders.cells} cells provisioned": Figure("s", (self.flanders.seconds,))}
        whole = {**of_measures(self.measures), **of_costs(self.costs), **of_pages(self.pages), **provisioning}
        whole |= {**of_frame(self.frame), **of_idle(self.idle)}
        return {"whole": whole} | ({"skeleton": of_costs(self.bare)} if self.bare else {})
