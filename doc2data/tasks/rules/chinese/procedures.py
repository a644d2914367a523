"""如何…？: whole procedures from their heading or lead-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.records import Clue
from doc2data.tasks.rules.chinese.sentence import tidy
from doc2data.tasks.rules.draft import Around, Draft

MAX_STEPS = 15
VERBS = (
    "更换|安装|拆卸|拆除|清洗|清洁|校准|设置|连接|检查|调整|启动|关闭|打开|使用|配置|添加|删除|创建|测试|更新|升级|维护|保养|存放|运输|处理|填写|提交"
    "|申请|排空|加注|注入|冲洗|标定|调试|接线|备份|恢复|导出|导入|登录|注册|编辑|查看|修改|取消|停用|启用|存储|复位|组装|装配|润滑|排除"
)
_TASK = re.compile(
    rf"^(?:如何|怎样|怎么)?(?P<task>(?:{VERBS})[^，。；：]{{2,20}}?)(?:的)?(?:步骤|方法|流程|程序|如下)?$"
)
_STEPS = re.compile(r"^(?P<what>[^，。；：]{2,16}?)(?:的)?(?P<word>步骤|流程|程序|方法)$")


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """The question that a procedure answers, with its steps as they are written."""
    steps = clue.cells
    title = re.sub(r"^[\d.、\s]+|[：:。\s]+$", "", tidy(clue.subject))
    question = _question(title, around)
    if question and 2 <= len(steps) <= MAX_STEPS:
        lines = (
            f"{marker if any(c.isalnum() for c in marker) else f'{at}.'} {text}"
            for at, (marker, text) in enumerate(steps, 1)
        )
        yield Draft(question, "\n".join(lines), "procedure", (clue,), 0.9)


def _question(title: str, around: Around) -> str:
    steps = _STEPS.match(title)
    if steps and around.subject:
        return f"{around.subject}的{title}是什么？"
    task = _TASK.match(title)
    return f"如何{task['task']}？" if task and not steps else ""
