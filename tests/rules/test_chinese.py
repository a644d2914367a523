"""Chinese prose, tables, procedures."""

from __future__ import annotations

import pytest

from tests.clues.made import Made
from tests.rules.asking import pairs, questions

ASKED = [
    ("余氯是指消毒后水中仍然存在的氯。", "余氯是指什么？"),
    ("PV-3减压阀的出厂压力为0.15 MPa，可以调节。", "PV-3减压阀的出厂压力是多少？"),
    ("HT-1加热器的总长度不得超过800 m。", "HT-1加热器的总长度不得超过多少？"),
    ("AQ-200必须水平安装，因为气泡会积聚在上部。", "为什么AQ-200必须水平安装？"),
    ("清洗液C不得与次氯酸钠混合，否则会释放有毒的氯气。", "为什么清洗液C不得与次氯酸钠混合？"),
    ("安装和接线必须由持证的人员完成。", "安装和接线必须由谁完成？"),
    ("IF-4过滤器的滤网应每15天冲洗一次。", "IF-4过滤器的滤网应多久冲洗一次？"),
    ("断电后至少等待2分钟才能打开AQ-200的下盖。", "断电后至少等待多长时间才能打开AQ-200的下盖？"),
    ("SD-16保护器应安装在断路器与仪器之间。", "SD-16保护器应安装在哪里？"),
    ("如果平台连续5分钟没有询问AQ-200，仪器会显示报警E-14。", "如果平台连续5分钟没有询问AQ-200，会发生什么？"),
    ("更改AQ-200的地址后必须重新上电。", "更改AQ-200的地址后应该做什么？"),
    ("AQ-200主要用于测量余氯。", "AQ-200用于什么？"),
    ("河口水厂是一座有三个沉淀池的水厂。", "什么是河口水厂？"),
    ("河口水厂建成于1987年，日供水两万吨。", "河口水厂是什么时候建成的？"),
    ("河口水厂于2011年6月改用臭氧消毒，效果良好。", "河口水厂是在什么时候改用臭氧消毒的？"),
    ("河口水厂于1994年通过了国家验收，评为一级。", "河口水厂是在什么时候通过国家验收的？"),
    ("欧阳守河是一个负责水厂的工程师，已经退休。", "欧阳守河是谁？"),
    ("河口水厂由北岸设计院设计，占地五公顷。", "河口水厂由谁设计？"),
]


@pytest.mark.parametrize(("text", "question"), ASKED)
def test_asks(text: str, question: str) -> None:
    found = pairs(Made().paragraph(text).document(language="zh"))
    assert found.get(question) == text, list(found)


@pytest.mark.parametrize(
    "text",
    [
        "它的功率为35 W，可以调节。",
        "本指南适用于AQ-200型仪器的安装。",
        "海拔超过2000 m的站点应按表2选择参数。",
        "拧紧力矩请参阅保养规程SP-117。",
        "这是因为电容需要时间放电。",
        "如果它没有响应，应重新启动AQ-200。",
        "AQ-200是什么？",
        "我们建议使用AQ-200来测量余氯。",
        "除非AQ-200已经断电，否则不得打开下盖。",
        "由于没有经过处理，AQ-200会显示报警E-14。",
        "如果AQ-200断电，在没有备用电源的情况下会丢失数据。",
        "如果需要同时维护多台AQ-200，工作将十分繁重。",
        "当时AQ-200没有备用电源，仪器显示报警E-14。",
        "AQ-200用于测量的主要部件是流通池和电极。",
        "AQ-200的功能是这类测量的基础部分。",
    ],
)
def test_refuses(text: str) -> None:
    assert questions(text, about="AQ-200", language="zh") == []


def test_tables() -> None:
    made = Made().rows(("1000", "45"), ("2000", "42"), header=("海拔（m）", "最高环境温度（℃）"))
    assert pairs(made.document(language="zh"), "AQ-200")["对于AQ-200，海拔为2000 m时，最高环境温度是多少？"] == (
        "海拔为2000 m时，最高环境温度是42 ℃。"
    )
    made = Made().rows(("显示E-07", "过滤器堵塞", "冲洗滤网"), header=("现象", "可能原因", "处理方法"))
    found = pairs(made.document(language="zh"))
    assert found["出现“显示E-07”的可能原因是什么？"] == "可能原因是过滤器堵塞。"
    assert found["出现“显示E-07”时应如何处理？"] == "冲洗滤网。"
    made = Made().rows(("供电电源", "220 V"), ("防护等级", "IP65"), header=("项目", "参数"))
    assert pairs(made.document(language="zh"), "AQ-200")["AQ-200的防护等级是什么？"] == "AQ-200的防护等级是IP65。"


def test_procedures() -> None:
    made = Made().heading("更换AQ-200的滤芯").steps("关闭进水阀。", "旋下滤芯。")
    assert pairs(made.document(language="zh"))["如何更换AQ-200的滤芯？"] == "1. 关闭进水阀。\n2. 旋下滤芯。"
    made = Made().heading("安装步骤").steps("检查包装。", "固定支架。")
    assert "AQ-200的安装步骤是什么？" in pairs(made.document(language="zh"), "AQ-200")
