"""What leaves Tocsin on paper, in a file or by e-mail: each made from a view, and the same for the same view."""
