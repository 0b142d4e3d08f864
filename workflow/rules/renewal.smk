# What is out of date, by content: every job says in a record what its files were made from and what they became.
import functools

from initbench.base.renewal import Product, digest, out_of_date
from initbench.study.jobs import training_first

# With --default-storage-provider computers share no file system: what is there is known to Snakemake alone, and a job's shards
# are carried as one file.
STORED = workflow.storage_settings.default_storage_provider is not None
PRODUCTS = []  # whatever the study makes, with what it is made from


def makes(name, files, basis, inputs=()):
    """Note what is made by one job; the file in which it says what that was made from."""
    record = f"{RESULTS}/records/{name}.json"
    PRODUCTS.append(Product(record, Path(record).stem, tuple(files), basis, tuple(inputs)))
    return record


@functools.cache
def to_make_again():
    """The files of the study that are out of date, by their content; those that are damaged are named."""
    found = out_of_date(PRODUCTS)
    for path in found.damaged:
        print(f"initbench: {path} is not as it was made; it is made again", file=sys.stderr)
    return found.files


def due(made):
    """Whether a file is out of date by what its record says. Snakemake is told so, as by --forcerun."""
    if STORED or not workflow.is_main_process or made not in to_make_again():
        return False
    workflow.dag.forcefiles.add(made)
    return True


def wanted(made, files):
    """The files that `made` is made from: `ancient` while it is up to date, so that neither times of files nor what
    .snakemake remembers start a job."""
    return files if STORED or due(made) else ancient(files)


def bundles(manifests):
    """The files that carry the shards of these jobs, where there are any."""
    return [path.replace(".json", ".zip") for path in manifests] if STORED else []


def reading(made, **files):
    """The named inputs of a job that makes the file `made`, each as `wanted` gives it, once Snakemake asks."""
    return {name: lambda wildcards, paths=paths: wanted(made, paths) for name, paths in files.items()}


def splitting(shard):
    """What splits are made from."""
    source = STUDY.source(shard.cell.dataset)
    return [source, STUDY.split_seeds(shard.seeds), STUDY.training.study_seed, data_code(source)]


def tuning(job):
    """The lists of the jobs on whose runs a job's learning rates are chosen."""
    return sorted({FINISHED_BY[path] for path in TRAINED[job].inputs})


def code_of_figure(figure):
    return digest(
        [code_of("initbench.figures.drawing", figure), words_behind(f"figures.{figure.name}"), content_of(FONT)]
    )


@functools.cache
def say_what_is_trained_first():
    """Whoever asks for figures alone may expect that nothing is trained: if something has to be, that is said."""
    left = [job for path, job in MANIFESTS.items() if path in to_make_again()]
    if left:
        print(f"initbench: {training_first(left)}", file=sys.stderr)


def every_figure(wildcards):
    """All figures, which somebody asks for."""
    if workflow.is_main_process and not STORED:
        say_what_is_trained_first()
    return expand(f"{RESULTS}/figures/{{figure}}.{{kind}}", figure=FIGURES, kind=FIGURE_FILES)
