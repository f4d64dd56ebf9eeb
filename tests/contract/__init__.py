"""The contract: what a notebook must be, read from the files alone; nothing is executed here.

A rule is a function of a notebook and its path that yields complaints, each with the cell, what is
wrong there and how to mend it. `test_contract.py` applies all rules to all notebooks;
`test_rules.py` breaks notebooks and requires that the rules notice.
"""

from contract import chapter, code, exercises, file, outputs, text  # noqa: F401 - each adds rules
