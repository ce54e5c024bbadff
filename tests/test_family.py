


def test_one_of_several_on_standard_input_is_chosen_in_a_file():
    text = "name: n\ninput: [3, 8, 8]\nargs: {k: 1}\nlayers: [conv: =k]\nvariants: {a: {set: {k: 2}}, b: {set: {k: 3}}}\n"
    result = run("formula", "-", "--in", "k", input=text)
    assert result.exit_code == 2
    assert "(a, b): save it as a file to choose one, as FILE:NAME" in result.stderr
