"""Runs PyVRP on one instance: python routing.py FILE SECONDS SEED; prints the cost in the instance's whole numbers.

Roundings are those of crates/routing/src/read: tenths rounded down for VRPTW on coordinates, PCVRPTW and MTVRPTWR;
explicit matrices as given; thousandths rounded for the rest.
"""

import sys
import tempfile

from pyvrp import read, solve
from pyvrp.stop import MaxRuntime


def solomon_as_vrplib(text: str) -> str:
    rows = [line.split() for line in text.splitlines() if line.strip()]
    fleet = next(row for row in rows if len(row) == 2 and row[0].isdigit())
    stops = [row for row in rows if len(row) == 7 and row[0].isdigit()]
    out = [
        "NAME : s", "TYPE : VRPTW", f"DIMENSION : {len(stops)}", f"VEHICLES : {fleet[0]}",
        f"CAPACITY : {fleet[1]}", "EDGE_WEIGHT_TYPE : EUC_2D",
    ]
    for section, fields in [
        ("NODE_COORD_SECTION", (1, 2)), ("DEMAND_SECTION", (3,)),
        ("TIME_WINDOW_SECTION", (4, 5)), ("SERVICE_TIME_SECTION", (6,)),
    ]:
        out.append(section)
        out += [" ".join([str(at + 1), *(row[field] for field in fields)]) for at, row in enumerate(stops)]
    return "\n".join([*out, "DEPOT_SECTION", "1", "-1", "EOF", ""])


def main() -> None:
    path, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    text = open(path).read()
    if "DIMENSION" not in text:
        with tempfile.NamedTemporaryFile("w", suffix=".vrp", delete=False) as file:
            file.write(solomon_as_vrplib(text))
        path, rounding = file.name, "dimacs"
    elif "EXPLICIT" in text:
        rounding = "trunc"
    else:
        kind = next(line.split(":")[1].strip() for line in text.splitlines() if line.startswith("TYPE"))
        rounding = "dimacs" if kind in ("VRPTW", "PCVRPTW", "MTVRPTWR") else "exact"
    result = solve(read(path, round_func=rounding), stop=MaxRuntime(seconds), seed=seed, display=False)
    print(int(result.cost()) if result.is_feasible() else "none")


main()
