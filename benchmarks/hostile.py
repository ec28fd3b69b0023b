"""Long runs of what sentences of budgets are made of; each makes a careless reader look back at everything before it."""

from __future__ import annotations

RUNS = {
    "brackets": "（", "nested lists": "支出5万元，其中：", "nested brackets": "支出5万元（", "names": "甲、", "separators": "5、", "sentence": "基本支出5万元，比上年增加3万元，增长5%，",
    "splits": "支出按性质分类为：甲5万元，乙5万元。", "totals": "甲5万元，合计5万元，", "counts": "3个", "distributed": "甲和乙和丙和丁和戊和己和庚和辛分别为1、2、3、4、5万元，",
    "shares": "支出5万元，占5%，", "paragraphs": "支出5万元\n", "marked": "（一）支出5万元\n1.甲3万元\n2.乙2万元\n", "headings": "一、支出情况\n", "bare numbers": "5\n", "residue": "XX",
    "chain": "全市5万元，其中市本级3万元，",
}  # fmt: skip
