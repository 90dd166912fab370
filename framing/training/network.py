"""The network: a pre-trained encoder that reads roles in the place of names, and a linear head for each measure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer as Read
from torch import Tensor, nn

from corpora.errors import InputError
from framing.tokens import Tokenizer

# Encoders that may be a base, by the sha256 of `model.safetensors`: what is checked before a byte of it is used.
BASES = {
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db": "MiniLM-L6",
    "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658": "MPNet-base",
}
MODELS = Path(__file__).parent.parent / "models"
# Padding in MiniLM's vocabulary.
PAD = 0
# The names whose mean embedding a role starts from: it should mean "some country".
NAMES = ("russia", "china", "germany", "france", "iran", "japan", "turkey", "brazil", "india", "ukraine", "canada")
# Numbers of a head's aims: of attitude both ways.
LABELS = {"sentiment": 3, "person": 3, "relation": 3, "deeds": 2, "attitude": 6}
POOLED = {"sentiment": 2, "person": 2, "relation": 2, "deeds": 2, "attitude": 3}


class Reader(nn.Module):
    """An encoder with heads. The embeddings of words stay as they are; those of the roles are learned.

    Args:
        base: Folder with `config.json`, `model.safetensors`, `tokenizer.json`.
        heads: Measure to its number of labels.
        first_role: See `Tokenizer`.

    Raises:
        InputError: The base is not one of `BASES`.
    """

    def __init__(self, base: Path, heads: Mapping[str, int], first_role: int = 1) -> None:
        super().__init__()
        from transformers import AutoModel

        self.base = check_base(base)
        self.tokenizer = Tokenizer(MODELS / "tokenizer.json", first_role)
        self.translation = _translation(base)
        self.body: Any = AutoModel.from_pretrained(base, add_pooling_layer=False)
        words = self.body.get_input_embeddings().weight
        words.requires_grad_(False)
        number = self.tokenizer._reader.token_to_id
        start = words[self.translation[[number(name) for name in NAMES if number(name) is not None]]].mean(0)
        ids = list(self.tokenizer.roles.values())
        self.register_buffer("role_ids", self.translation[ids], persistent=False)
        self.pad = int(self.translation[PAD])
        generator = torch.Generator().manual_seed(0)
        noise = torch.randn(len(ids), len(start), generator=generator) * words.std() * 0.3
        self.roles = nn.Parameter(start.repeat(len(ids), 1) + noise)
        self.dropout = nn.Dropout(0.1)
        width = words.shape[1]
        self.heads = nn.ModuleDict({name: nn.Linear(width * POOLED[name], n) for name, n in heads.items()})

    def forward(self, measure: str, ids: Tensor, target: Tensor, source: Tensor) -> Tensor:
        """Logits of one measure: (N, T) tokens in, (N, W, L) out.

        W is 2 for attitude, source toward target and target toward source, of one reading; else 1.
        """
        return self.heads[measure](self.dropout(self.pooled(measure, ids, target, source)))

    def pooled(self, measure: str, ids: Tensor, target: Tensor, source: Tensor) -> Tensor:
        """What a head reads: the mean of all tokens, and the mean of each party's; (N, W, D)."""
        mask = (ids != self.pad).to(self.roles.dtype)
        words = self.body.get_input_embeddings()(ids)
        for k, number in enumerate(self.role_ids):
            words = torch.where((ids == number)[..., None], self.roles[k], words)
        # BERT would look whether anything is masked at all, and a device wait for the answer.
        seen = mask[:, None, None].bool() if self.body.config.model_type == "bert" else mask
        states = self.body(inputs_embeds=words, attention_mask=seen).last_hidden_state
        whole, one, two = (_mean(states, tokens) for tokens in (mask, target, source))
        if POOLED[measure] == 2:
            return torch.cat([whole, one], dim=1)[:, None]
        return torch.stack([torch.cat([whole, one, two], dim=1), torch.cat([whole, two, one], dim=1)], dim=1)

    def freeze(self, layers: int) -> None:
        """Leave the lowest layers as they are, and all that goes into them: no gradient has to pass them."""
        below = [self.body.embeddings, *self.body.encoder.layer[:layers]]
        if hasattr(self.body.encoder, "relative_attention_bias"):
            below.append(self.body.encoder.relative_attention_bias)
        for module in below:
            module.requires_grad_(False)
        self.roles.requires_grad_(False)


def _translation(base: Path) -> Tensor:
    """The base's number of each word of MiniLM's vocabulary, which is a part of MPNet's."""
    known, own = (Read.from_file(str(folder / "tokenizer.json")).get_vocab() for folder in (MODELS, base))
    table = torch.zeros(len(known), dtype=torch.long)
    for word, number in known.items():
        table[number] = own[word]
    for word, other in (("[CLS]", "<s>"), ("[SEP]", "</s>"), ("[PAD]", "<pad>")):
        table[known[word]] = own.get(other, own[word])
    return table


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask[..., None]
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1e-6)


def check_base(folder: Path) -> str:
    """The name of the base encoder in a folder.

    Raises:
        InputError: It is none of `BASES`, by its checksum.
    """
    path = folder / "model.safetensors"
    if not path.is_file():
        raise InputError(f"no base encoder in {folder}: it has no model.safetensors")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest not in BASES:
        allowed = ", ".join(f"{name} ({digest[:12]}...)" for digest, name in BASES.items())
        raise InputError(f"{path} has sha256 {digest}; allowed are: {allowed}")
    return BASES[digest]
