"""Says in plain words what is wrong in a file, and what to write instead."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

_NAMES = "write names with values here, one on each line, such as title: Gloves"
_LIST = "write a list here, each entry on a line of its own that begins with “- ”"
_NUMBER = "write a number, such as 36.5"
_WHOLE = "write a whole number, such as 2"
_TRUTH = "write true or false"
_AMOUNT = "write at most 18 digits, six of them after the point"
# By what pydantic calls the fault; the names in braces come with it.
_FAULTS: Mapping[str, str] = {
    "missing": "is missing; add it here",
    "extra_forbidden": "nothing is called this here; leave it out, or mend it",
    "model_type": _NAMES,
    "model_attributes_type": _NAMES,
    "dict_type": _NAMES,
    "mapping_type": _NAMES,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "too few; {min_length} or more are needed",
    "too_long": "too many; {max_length} at most",
    "string_type": "write text here; one that looks like a number needs quotes",
    "string_too_short": "nothing stands here; write some words",
    "string_too_long": "too long; at most {max_length} characters",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "greater_than": "write more than {gt}",
    "less_than": "write less than {lt}",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_digits": _AMOUNT,
    "decimal_max_places": _AMOUNT,
    "decimal_whole_digits": _AMOUNT,
    "enum": "write {expected}",
    "literal_error": "write {expected}",
    "union_tag_invalid": "there is no {discriminator} {tag}; write one of {expected_tags}",
    "union_tag_not_found": "{discriminator} is missing; add it here",
}
_PATTERNS: Mapping[str, str] = {
    r"^[a-z][a-z0-9_]{1,59}$": "write small letters, digits and _ only, such as gloves_worn",
    r"^[a-z][a-z0-9-]{1,59}$": "write small letters, digits and - only, such as glove-use",
    r"^[a-z][a-z0-9-]{1,79}$": "write the id of a fact, such as osha-gloves",
    r"^\d{4}-\d\d$": "write a year and a month, such as 2026-11",
    r"^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$": "write a language, such as en or es-MX",
    r"^[A-Z]{3}$": "write a currency, such as USD",
}
# By what libyaml says, from its beginning.
_PROBLEMS: Mapping[str, str] = {
    "found character that cannot start any token": (
        "a tab, or one of @ ` %, cannot stand here; indent with spaces, and put the text in quotes"
    ),
    "found a tab character": "a tab cannot stand here; indent with spaces",
    "mapping values are not allowed": (
        "a colon stands where no name can be; put the text in quotes, or mend the indentation"
    ),
    "did not find expected key": (
        "this line does not go with those before it; mend the indentation, or close a quote"
    ),
    "did not find expected '-'": (
        "this line does not go with the list before it; mend the indentation, or begin it with “- ”"
    ),
    "did not find expected ','": "a bracket is not closed; “,” or the closing bracket is expected",
    "did not find expected node": "a bracket is not closed, or a value is expected here",
    "could not find expected ':'": "a colon is missing; “name: value” is expected",
    "found unexpected end of stream": "a quote is not closed",
}


def say_fault(fault: ErrorDetails) -> str:
    """Return a fault of a value, after the name of what it is in."""
    names = [part for part in fault["loc"] if isinstance(part, str)]
    reason = _reason(fault)
    # A kind that does not exist names itself.
    return f"{names[-1]}: {reason}" if names and "tag" not in fault["type"] else reason


def _reason(fault: ErrorDetails) -> str:
    known = fault.get("ctx", {})
    if fault["type"] == "string_pattern_mismatch":
        pattern = known["pattern"]
        return _PATTERNS.get(pattern, f"this is not written as it must be: {pattern}")
    words = _FAULTS.get(fault["type"])
    return words.format_map(known) if words else fault["msg"].removeprefix("Value error, ")


def say_problem(problem: str) -> str:
    """Return what hinders reading a file as YAML."""
    known = (words for start, words in _PROBLEMS.items() if problem.startswith(start))
    return next(known, f"this is not YAML: {problem}")
