"""A policy made ready for ruling: read, checked, its rules compiled, its names indexed."""

from __future__ import annotations

from functools import cached_property

from ..domain.digest import digest
from .cel import Mistake, compiled
from .document import ANY, Policy
from .permissions import CompiledAgent
from .reading import PolicyError, Problem, grown
from .rule import Rule
from .ruling import CompiledRule, Rules
from .tree import Path, Tree, place_of


class Compiled:
    """A policy and what is worked out of it once; made by `load`."""

    def __init__(self, policy: Policy, rules: Rules) -> None:
        self.policy = policy
        self.rules = rules
        self._agents = {name: CompiledAgent(agent) for name, agent in policy.agents.items()}

    @cached_property
    def digest(self) -> str:
        """The digest by which decisions and records name the policy.

        It is that of what the file means: comments, order of keys and ways to write a value do not
        change it.
        """
        return digest("policy", self.policy.document())

    def agent(self, name: str) -> CompiledAgent | None:
        """An agent's part: its own, else that of `*`, else none."""
        return self._agents.get(name) or self._agents.get(ANY)


def load(text: str) -> Compiled:
    """A policy file, compiled; raises `PolicyError` with every problem, each with its place."""
    policy, tree = grown(text)
    return compiled_policy(policy, tree)


def compiled_policy(policy: Policy, tree: Tree | None = None) -> Compiled:
    """A policy that is there as values, compiled; without a `tree` problems have no line."""
    problems: list[Problem] = []
    rules: list[CompiledRule] = []
    for place, rule in enumerate(policy.rules):
        try:
            rules.append(_rule(place, rule))
        except Mistake as mistake:
            problems.append(_problem(tree or Tree(""), ("rules", place, "when"), mistake))
    if problems:
        raise PolicyError(problems)
    return Compiled(policy, Rules(rules))


def _rule(place: int, rule: Rule) -> CompiledRule:
    if rule.when.strip() == "true":
        return CompiledRule(place, rule, None)
    return CompiledRule(place, rule, compiled(rule.when, write=rule.each == "write"))


def _problem(tree: Tree, path: Path, mistake: Mistake) -> Problem:
    spot = tree.spot_within(path, mistake.line, mistake.column)
    return Problem(*spot, place_of(path), mistake.sentence, mistake.hint)
