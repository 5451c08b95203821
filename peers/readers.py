"""Reads a CSV or Parquet file of `edgesweep` with pandas and with DuckDB: rows and types as JSON, for a test to compare.

    python3 readers.py FILE...
"""

import json
import math
import sys

import duckdb
import pandas


def plain(value):
    """As JSON has it. What pandas and DuckDB call missing is null; NaN is a value."""
    if value is None or value is pandas.NA:
        return None
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value.item() if hasattr(value, "item") else value


def by_pandas(file):
    # by default pandas makes float64 of integers with gaps, and NaN of null
    if file.endswith(".csv"):
        # the kind of a divergence, `nan`, is a word and no gap
        frame = pandas.read_csv(file, dtype_backend="pyarrow", keep_default_na=False, na_values=[""])
    else:
        frame = pandas.read_parquet(file, dtype_backend="pyarrow")
    rows = [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
    return {"types": {name: str(dtype) for name, dtype in frame.dtypes.items()}, "rows": rows}


def by_duckdb(file):
    source = f"'{file}'"
    if file.endswith(".csv"):
        with open(file, encoding="utf-8") as lines:
            # a column of `nan` alone would be guessed to be numbers
            types = ", types = {'divergence.kind': 'VARCHAR'}" if "divergence.kind" in lines.readline() else ""
        source = f"read_csv('{file}'{types})"
    table = duckdb.sql(f"from {source}")
    rows = [dict(zip(table.columns, map(plain, row))) for row in table.fetchall()]
    return {"types": dict(zip(table.columns, map(str, table.types))), "rows": rows}


print(json.dumps({file: {"pandas": by_pandas(file), "duckdb": by_duckdb(file)} for file in sys.argv[1:]}))
