"""How good the shipped autoencoder is, on all of MNIST."""

from benchmarks.report import table
from sklearn.neighbors import KNeighborsClassifier

from helpers import data, models


def test_shipped_model(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    (x_train, y_train), (x_test, y_test) = data.load_mnist(full=True)
    x_train, x_test = (x.reshape(len(x), -1).astype("float32") / 255 for x in (x_train, x_test))
    autoencoder = models.load_autoencoder()
    encoder, _ = models.split(autoencoder)
    restored = autoencoder.predict(x_test, batch_size=1000, verbose=0)
    codes, test_codes = (encoder.predict(x, batch_size=1000, verbose=0) for x in (x_train, x_test))
    neighbours = KNeighborsClassifier(5).fit(codes, y_train)
    table(
        "Shipped autoencoder, 10,000 test images, neighbours among the 60,000",
        ("", "here", "target"),
        ("mean squared error", f"{((restored - x_test) ** 2).mean():.4f}", "<= 0.0345"),
        ("5-NN accuracy of codes", f"{neighbours.score(test_codes, y_test):.4f}", ">= 0.81"),
        ("file, MB", f"{models.TRAINED.stat().st_size / 1e6:.2f}", "<= 1.2"),
    )
