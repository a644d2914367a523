"""Mathematical signs as TeX commands, for formulas that documents keep as trees of elements."""

from __future__ import annotations

_COMMANDS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "vartheta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "ϕ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "∑": "sum", "∏": "prod", "∫": "int", "∬": "iint", "∭": "iiint", "∮": "oint", "√": "surd", "∞": "infty",
    "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "≡": "equiv", "∼": "sim", "≅": "cong", "∝": "propto",
    "±": "pm", "∓": "mp", "×": "times", "÷": "div", "⋅": "cdot", "·": "cdot", "∘": "circ", "⊕": "oplus",
    "⊗": "otimes", "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq", "⊃": "supset", "⊇": "supseteq",
    "∪": "cup", "∩": "cap", "∅": "emptyset", "∀": "forall", "∃": "exists", "¬": "neg", "∧": "wedge", "∨": "vee",
    "→": "to", "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow",
    "⇔": "Leftrightarrow", "↦": "mapsto", "∂": "partial", "∇": "nabla", "…": "ldots", "⋯": "cdots", "⋮": "vdots",
    "⋱": "ddots", "⟨": "langle", "⟩": "rangle", "⌈": "lceil", "⌉": "rceil", "⌊": "lfloor", "⌋": "rfloor",
    "‖": "|", "∥": "parallel", "⊥": "perp", "∠": "angle", "ℏ": "hbar", "ℓ": "ell", "ℜ": "Re", "ℑ": "Im",
    "′": "prime", "†": "dagger", "≪": "ll", "≫": "gg", "{": "{", "}": "}", "%": "%", "#": "#", "&": "&",
}  # fmt: skip
_SPACING = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"), None) | {ord("\u2212"): "-"}
ACCENTS = {
    "\u0302": "hat", "^": "hat", "\u0303": "tilde", "~": "tilde", "\u0304": "bar", "\u00af": "bar",
    "\u0305": "overline", "\u203e": "overline", "\u20d7": "vec", "→": "vec", "\u0307": "dot",
    "\u02d9": "dot", "\u0308": "ddot", "¨": "ddot", "⏞": "overbrace", "⏟": "underbrace",
    "_": "underline", "\u0332": "underline",
}  # fmt: skip
"""Signs above or below a base -> the TeX command that puts them there."""


def signs(text: str) -> str:
    """Text of a formula with its signs as TeX commands."""
    pieces: list[str] = []
    for character in text.translate(_SPACING):
        command = _COMMANDS.get(character)
        pieces.append(character if command is None else f"\\{command}" + (" " if command.isalpha() else ""))
    return "".join(pieces)


def group(formula: str) -> str:
    """A formula as one argument."""
    return "{" + formula.strip() + "}"


def raised(base: str, low: str = "", high: str = "") -> str:
    """A base with what stands below and above its right side."""
    return base.rstrip() + (f"_{group(low)}" if low else "") + (f"^{group(high)}" if high else "")


def accented(sign: str, base: str) -> str:
    """A base under an accent, or over a brace."""
    command = ACCENTS.get(sign.strip())
    return f"\\{command}{group(base)}" if command else rf"\overset{group(signs(sign))}{group(base)}"
