from initbench import theory as theory
from initbench.architectures.mlp import loss_and_gradients as loss_and_gradients
from initbench.schemes import Layer as Layer
from initbench.schemes import scheme as scheme
from initbench.schemes.draw import draw as draw
from initbench.schemes.rates import rate_factors as rate_factors
from initbench.study.cells import Cell as Cell
from initbench.study.cells import Training as Training
from initbench.study.grid import load_study as load_study
from initbench.tables.train import train as train

__version__: str
