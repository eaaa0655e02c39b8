"""Charts: figures for Plotly as JSON, with the same numbers as a table for whoever sees no picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.visit import Visit

# Told apart without colours too: by their order in the legend, and by the table.
TEAL, AMBER, RED, BLUE, GREY = "#0f766e", "#d08a00", "#b42318", "#1d4f91", "#8a97a3"

_TICKS = {"zh-CN": "%m-%d", "en": "%-d %b"}


@dataclass(frozen=True)
class Series:
    """One curve: exact values, and how they are told."""

    name: str
    values: Sequence[int]
    colour: str
    tell: Callable[[int], str]
    scale: int = 0
    """How many of the value's last digits come after the point."""


@dataclass(frozen=True)
class Chart:
    id: str
    title: str
    figure: dict[str, Any]
    columns: list[tuple[str, str]]
    rows: list[list[str]]


def curves(visit: Visit, id: str, title: str, days: Sequence[date], series: Sequence[Series]) -> Chart:
    """Values over days, as lines."""
    return _chart(visit, id, title, days, series, lambda each: {"type": "scatter", "mode": "lines", "line": {
        "color": each.colour, "width": 2, "shape": "linear"}})  # fmt: skip


def columns(visit: Visit, id: str, title: str, days: Sequence[date], series: Sequence[Series]) -> Chart:
    """Values over days, as columns."""
    return _chart(visit, id, title, days, series, lambda each: {"type": "bar", "marker": {"color": each.colour}})


def _chart(
    visit: Visit,
    id: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    shape: Callable[[Series], dict[str, Any]],
) -> Chart:
    f = visit.formats
    told = [[each.tell(value) for value in each.values] for each in series]
    data = [
        {
            **shape(each),
            "name": each.name,
            "x": [day.isoformat() for day in days],
            "y": [_exact(value, each.scale) for value in each.values],
            "text": [f"{f.day(day)}<br>{each.name} {words}" for day, words in zip(days, texts, strict=True)],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
        for each, texts in zip(series, told, strict=True)
    ]
    rows = [[f.day(day), *(texts[i] for texts in told)] for i, day in enumerate(days)]
    rows.reverse()
    table = [(visit.t("day"), ""), *((each.name, "num") for each in series)]
    return Chart(id, title, {"data": data, "layout": _layout(visit, legend=len(series) > 1)}, table, rows)


def _exact(value: int, scale: int) -> int | str:
    """A number that JSON keeps as it is: money as the text of its decimal."""
    if not scale:
        return value
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


def _layout(visit: Visit, *, legend: bool) -> dict[str, Any]:
    grid = {"gridcolor": "#e9edf0", "zerolinecolor": "#cfd7dd", "fixedrange": True}
    return {
        "font": {"family": "inherit", "size": 12, "color": "#5b6875"},
        "margin": {"l": 10, "r": 10, "t": 8, "b": 10},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": legend,
        "legend": {"orientation": "h", "y": 1.12, "x": 0, "yanchor": "bottom"},
        "hovermode": "closest",
        "bargap": 0.25,
        "xaxis": {**grid, "type": "date", "tickformat": _TICKS[visit.locale], "automargin": True, "showgrid": False,
                  "nticks": 7, "ticks": "outside", "ticklen": 7, "tickcolor": "rgba(0,0,0,0)"},
        "yaxis": {**grid, "type": "linear", "automargin": True, "rangemode": "tozero", "tickformat": ",~f",
                  "nticks": 6},
    }  # fmt: skip
