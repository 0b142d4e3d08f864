"""Where each claim is made: the texts in which its words, or the same in other words, were found.

Passages in double quotation marks are the source's own words; the rest is paraphrase. Tutorials are quoted as examples: most of these
claims stand in dozens of them.
"""

CS231N = "CS231n notes, Neural Networks Part 2"
KUNIN = "Katanforoosh & Kunin 2019, “Initializing neural networks” (deeplearning.ai)"
D2L = "Zhang et al., Dive into Deep Learning, “Numerical Stability and Initialization”"
GOODFELLOW = "Goodfellow et al. 2016, Deep Learning, §8.4"
MILVUS = "milvus.org.cn/ai-quick-reference/how-does-weight-initialization-affect-model-training"
TUTORIAL_ZERO = "popular tutorials, such as jishuzhan.net/article/1982344172238602242 (全零初始化)"

CLAIMED_IN = {
    "zero-symmetry": f"{CS231N} (all zero initialization); {GOODFELLOW}; {D2L} (for a layer of one constant)",
    "zero-constant-output": TUTORIAL_ZERO,
    "zero-gradient": f"{TUTORIAL_ZERO}; intvml.com/ml0033-all-zeros-init (for ReLU)",
    "zero-derivative": f"{TUTORIAL_ZERO}: “对于某些激活函数（如ReLU），零输入导致零梯度”",
    "zero-stalls": "popular tutorials, such as madanswer.com/44520: “the network cannot learn at all”",
    "zero-performance": "popular tutorials, such as blog.csdn.net/Polaris47/article/details/89361167: “导致模型性能下降”",
    "constant-symmetry": f"{D2L}; {KUNIN}; {GOODFELLOW}",
    "constant-performance": f"{KUNIN}: “any constant initialization scheme will perform very poorly”",
    "constant-output": "popular tutorials; no single source was found",
    "constant-vanishes": f"{KUNIN}: “A too-small initialization leads to vanishing gradients”",
    "constant-explodes": f"{KUNIN}: “A too-large initialization leads to exploding gradients”",
    "geometric-law": f"He et al. 2015, eq. 13 and 14; {KUNIN} (powers of 1.5 and of 0.5)",
    "vanishing-stalls": f"{D2L} (the parameters hardly move); He et al. 2015, fig. 3: Xavier at 30 layers “completely stalls”",
    "exploding-unstable": f"{KUNIN}: “This leads the cost to oscillate around its minimum value”; {D2L}",
    "random-breaks-symmetry": f"{CS231N} (small random numbers)",
    "small-normal-depth": "He et al. 2015, §2.2: with a fixed deviation such as 0.01 very deep models “have difficulties to converge”",
    "xavier-sigmoid": "popular tutorials, such as jishuzhan.net/article/1955811324180606978, recommend Xavier for sigmoid; U(±1/√n) is the "
    "heuristic of Glorot & Bengio 2010, eq. 1, which they argue against",
    "xavier-tanh": f"Glorot & Bengio 2010, eq. 16; {D2L}; {KUNIN}",
    "he-relu": "He et al. 2015, eq. 10",
    "batchnorm-normalises": "Ioffe & Szegedy 2015, algorithm 1",
    "batchnorm-robust": "Ioffe & Szegedy 2015, abstract: batch normalisation allows us to “be less careful about initialization”",
    "recommended-gradients": f"popular tutorials, such as {MILVUS}",
    "recommended-train": f"popular tutorials, such as {MILVUS}; {CS231N} (in practice)",
}
