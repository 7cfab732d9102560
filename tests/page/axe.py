"""axe-core, which checks web pages for people who use screen readers or keyboards, as the package of axe brings it."""

from importlib.resources import files


def violations(tab) -> list[str]:
    """What axe finds in the page as it is now: rule, element and how to mend it."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(script)
    found = tab.evaluate("() => axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]
