"""What people say in a conversation in Chinese: follow-ups, doubts and plain refusals."""

from __future__ import annotations

from doc2data.tasks.joins.english.asking import SLOT


def question(asked: str, thing: str) -> str:
    """The question with the thing named."""
    return asked.replace(SLOT, thing)


def following(asked: str) -> str:
    """The question about what was spoken of just before; "" where a pronoun cannot take the thing's place."""
    return f"那{asked.replace(SLOT, '它')}" if asked.startswith(SLOT) else ""


def likewise(attribute: str, thing: str) -> str:
    """The same asked of another thing."""
    return f"那{thing}的{attribute}呢？"


def stated(attribute: str, thing: str, value: str) -> str:
    """The value of an attribute."""
    return f"{thing}的{attribute}是{value}。"


def compared(attribute: str, *, is_time: bool) -> str:
    """Which of the two things spoken of has more; "" for attributes of which more cannot be said."""
    return "" if "最" in attribute else f"两者中哪一个的{attribute}更{_more(is_time)}？"


def comparison(attribute: str, more: str, values: tuple[str, str], *, is_time: bool) -> str:
    """The answer to `compared`."""
    return f"{more}的{attribute}更{_more(is_time)}：{values[0]}对{values[1]}。"


def premise(attribute: str, value: str) -> str:
    """A wrong value said of the thing that was spoken of."""
    return f"那么它的{attribute}是{value}，对吗？"


def correction(attribute: str, thing: str, values: tuple[str, str], other: str) -> str:
    """What is true instead, and where the wrong value belongs."""
    right, wrong = values
    return f"不对，{thing}的{attribute}是{right}。{wrong}是{other}的{attribute}。"


def clarification(term: str) -> str:
    """Asking back what a word of the last answers means."""
    return f"这里的“{term}”是什么意思？"


def asked_for(attribute: str) -> tuple[str, str]:
    """The question for an attribute and the phrase for what it asks, both with a slot for the thing."""
    return f"{SLOT}的{attribute}是多少？", f"{SLOT}的{attribute}"


def refusal(missing: str) -> str:
    """That the documents do not tell."""
    return f"文档没有说明{missing}。"


def partial(attribute: str, known: str, value: str, unknown: str, *, is_time: bool) -> tuple[str, str]:
    """A comparison of which one side is missing, and what can be said of it."""
    question = f"{known}和{unknown}中，哪一个的{attribute}更{_more(is_time)}？"
    return question, f"{known}的{attribute}是{value}。文档没有说明{unknown}的{attribute}，因此无法比较。"


def _more(is_time: bool) -> str:
    return "长" if is_time else "高"
