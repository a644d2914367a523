"""The recipes by name; each is imported only when it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from doc2data.errors import UsageError

if TYPE_CHECKING:
    from doc2data.recipes.base import Need, Recipe
    from doc2data.settings import GenerateSettings


@dataclass(frozen=True, slots=True)
class RecipeInfo:
    """What is known of a recipe without loading it."""

    title: str
    needs: Need
    target: str
    """module:class."""
    prompts: tuple[str, ...]
    """Prompt files it uses; a change in one makes its jobs new."""
    per_parent: bool = False
    """Whether settings say how many samples grow of one, and no quota for a chunk holds."""
    novel: bool = False
    """Whether its questions must be unlike all others in their words."""
    requests: int = 2
    """Requests to a model that one sample takes as a rule."""
    without: str = ""
    """What the documents lack where it plans nothing, as a sentence; empty where that needs no saying."""
    round: int = 0
    """0 plans from clues; a later round plans from the samples that the rounds before it left accepted."""


RECIPES = {
    "qa": RecipeInfo(
        "Question and answer from one passage, by back-translation.",
        "rules",
        "doc2data.recipes.qa:QA",
        ("write_question", "write_answer", "name_purpose"),
        without="No sentence, row or step tells a fact.",
    ),
    "multihop": RecipeInfo(
        "Questions that take clues from several places, each of them needed.",
        "rules",
        "doc2data.recipes.multihop:MultiHop",
        ("write_joined", "write_compared", "answer_joined"),
        requests=3,
        without="No two places tell of the same thing in a way that joins them to one question.",
    ),
    "cot": RecipeInfo(
        "Questions over table cells, reasoned step by step; every calculation is executed.",
        "rules",
        "doc2data.recipes.cot:ChainOfThought",
        ("write_reckoning", "follow_steps", "rationalise"),
        requests=1,
        without="No table holds numbers that can be set against each other.",
    ),
    "unanswerable": RecipeInfo(
        "Questions that the documents do not answer, or answer in part, with a plain refusal.",
        "rules",
        "doc2data.recipes.unanswerable:Unanswerable",
        ("write_missing", "write_answer"),
        without="Nothing suggests a question that the documents leave open.",
    ),
    "dialogue": RecipeInfo(
        "Conversations of three to six exchanges, each answer with evidence of its own.",
        "rules",
        "doc2data.recipes.dialogue:Dialogue",
        ("write_turn", "leave_open", "write_answer"),
        requests=5,
        without="Of no thing is enough told for a conversation.",
    ),
    "overview": RecipeInfo(
        "What a paragraph or short section tells as a whole, for facts that no other sample stands on.",
        "rules",
        "doc2data.recipes.overview:Overview",
        (),
        requests=1,
        round=1,
    ),
    "self-instruct": RecipeInfo(
        "Questions in the manner of your own pairs (grow.examples), answered, and corrected on a second look.",
        "model",
        "doc2data.recipes.self_instruct:SelfInstruct",
        ("write_alike", "answer_alike", "correct", "name_purpose"),
        novel=True,
        requests=3,
    ),
    "magpie": RecipeInfo(
        "What the model itself lets a user ask about a passage, answered from it.",
        "local model",
        "doc2data.recipes.magpie:Magpie",
        ("overheard", "write_answer", "name_purpose"),
    ),
    "evolve": RecipeInfo(
        "Accepted questions made harder step by step, each step answered again and undone where it loses its ground.",
        "model",
        "doc2data.recipes.evolve:Evolve",
        ("evolve", "answer_steps", "write_answer", "name_purpose"),
        per_parent=True,
        round=1,
    ),
    "augment": RecipeInfo(
        "Accepted questions in other words, styles and parts, the answer and its evidence untouched.",
        "rules",
        "doc2data.recipes.augment:Augment",
        ("reword", "translate"),
        per_parent=True,
        requests=1,
        round=2,
    ),
    "summarise": RecipeInfo(
        "A text in one sentence, in three points, or told to a named reader; by rule its own sentences.",
        "rules",
        "doc2data.recipes.summarise:Summarise",
        ("summarise",),
        requests=1,
    ),
    "rewrite": RecipeInfo(
        "A table as running text, every row in sentences.",
        "rules",
        "doc2data.recipes.rewrite:Rewrite",
        ("rewrite",),
        requests=1,
    ),
    "extract": RecipeInfo(
        "Facts as JSON by the schema of texts.facts, or by the table's own; from running text with a model.",
        "rules",
        "doc2data.recipes.extract:Extract",
        ("extract",),
        requests=1,
    ),
    "classify": RecipeInfo(
        "Which label of the file texts.labels fits a text; a second pass must agree.",
        "model",
        "doc2data.recipes.classify:Classify",
        ("classify",),
    ),
    "prefer": RecipeInfo(
        "Pairs of a chosen and a rejected answer, from samples of other recipes; more ways with a model (prefer.by).",
        "rules",
        "doc2data.recipes.prefer:Prefer",
        ("write_answer", "review", "compare", "rate", "critique", "mend_answer"),
        round=3,
    ),
}


def chosen(generate: GenerateSettings) -> tuple[str, ...]:
    """The recipes that the settings ask for; a target of coverage brings `overview` along."""
    closing = () if generate.coverage == 0 or "overview" in generate.recipes else ("overview",)
    return (*generate.recipes, *closing)


def rounds(names: Sequence[str]) -> list[list[str]]:
    """The recipes of each round that has some, first round first, each in the order given."""
    return [
        [name for name in names if RECIPES[name].round == number]
        for number in sorted({RECIPES[name].round for name in names})
    ]


def require(names: Sequence[str], engine: str | None) -> None:
    """Make sure that what the recipes need is there.

    Args:
        names: of recipes.
        engine: kind of the engine that writes, as `ModelInfo.engine`; None for rules.

    Raises:
        UsageError: a recipe needs a model, or one in this process's own engine.
    """
    for name in names:
        needs = RECIPES[name].needs
        if needs != "rules" and engine is None:
            raise UsageError(f"The recipe {name!r} needs a {needs}.", "Name one with --model, or leave the recipe out.")
        if needs == "local model" and engine == "server":
            raise UsageError(
                f"The recipe {name!r} needs a local model: a server keeps its chat template to itself.",
                "Name a GGUF file with --model, or leave the recipe out.",
            )


def load(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in RECIPES:
        raise UsageError(f"There is no recipe {name!r}.", f"Recipes: {', '.join(RECIPES)}.")
    module, _, attribute = RECIPES[name].target.partition(":")
    recipe: Recipe = getattr(import_module(module), attribute)()
    return recipe
