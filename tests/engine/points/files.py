"""Files of points in the conventions of other programs, with what is right about each."""

from typing import NamedTuple


class Example(NamedTuple):
    """The contents of a file, and the decisions and the first point that are expected."""

    content: str | bytes
    expected: dict[str, object]
    first: tuple[float, ...]


def _rows(*rows: str, end: str = "\n") -> str:
    return end.join(rows) + end


IRIS = {"setosa": 0, "versicolor": 1, "virginica": 2}

FILES = {
    # pandas
    "pandas to_csv with an index": Example(
        _rows(",x1,x2,y", "0,0.1,0.2,0", "1,0.9,0.1,1", "2,0.2,0.8,1"),
        {"inputs": ["x1", "x2"], "targets": ["y"], "dropped": [""], "header": "names"},
        (0.1, 0.2, 0.0),
    ),
    "pandas index read and written again": Example(
        _rows("Unnamed: 0,a,b,label", "0,0.5,1,0", "1,1.5,2,1", "2,2.5,0,1"),
        {"inputs": ["a", "b"], "targets": ["label"], "dropped": ["Unnamed: 0"]},
        (0.5, 1.0, 0.0),
    ),
    "pandas shuffled index": Example(
        _rows(",a,b,target", "17,0.5,1.5,0", "3,1.5,2,1", "8,2.5,0,1"),
        {"inputs": ["a", "b"], "dropped": [""], "targets": ["target"]},
        (0.5, 1.5, 0.0),
    ),
    "pandas columns of an array": Example(
        _rows("0,1,2", "0.1,0.2,1", "0.3,0.4,0"),
        {"header": "numbers", "inputs": ["0", "1"], "targets": ["2"], "examples": 2},
        (0.1, 0.2, 1.0),
    ),
    "pandas columns of an array with an index": Example(
        _rows(",0,1,2", "0,1,2,1", "1,3,4,0"),
        {"header": "numbers", "inputs": ["0", "1"], "targets": ["2"], "dropped": [""]},
        (1.0, 2.0, 1.0),
    ),
    "whole numbers below 0, 1, 2 are no header": Example(
        _rows("0,1,2", "1,2,1", "3,4,2"),
        {"header": "none", "inputs": ["x1", "x2"], "targets": ["y"], "examples": 3},
        (0.0, 1.0, 1.0),
    ),
    "pandas booleans": Example(
        _rows("x1,x2,passed", "0.5,1,True", "1.5,2,False", "0.1,0.2,True"),
        {"classes": {"False": 0, "True": 1}, "targets": ["passed"], "task": "binary"},
        (0.5, 1.0, 1.0),
    ),
    "pandas get_dummies": Example(
        _rows("a,b,species_s,species_v,species_w", "1,2,1,0,0", "3,1,0,1,0", "0.5,2,0,0,1"),
        {"task": "classes", "targets": ["species_s", "species_v", "species_w"]},
        (1.0, 2.0, 1.0, 0.0, 0.0),
    ),
    "pandas with tabs": Example(
        _rows("x1\tx2\ty", "0.5\t1\t0", "1.5\t2\t1"),
        {"separator": "\t", "inputs": ["x1", "x2"]},
        (0.5, 1.0, 0.0),
    ),
    "a year among the names": Example(
        _rows("2019,2020,y", "0.5,0.25,1", "1.5,2,0"),
        {"header": "names", "inputs": ["2019", "2020"]},
        (0.5, 0.25, 1.0),
    ),
    # R
    "R write.csv": Example(
        _rows('"","x1","x2","class"', '"1",0.5,1,"a"', '"2",1.5,2,"b"'),
        {"dropped": [""], "inputs": ["x1", "x2"], "classes": {"a": 0, "b": 1}},
        (0.5, 1.0, 0.0),
    ),
    "R write.table": Example(
        _rows('"x1" "x2" "y"', '"1" 0.5 1 0', '"2" 1.5 2 1'),
        {"separator": "blanks", "dropped": [""], "inputs": ["x1", "x2"], "targets": ["y"]},
        (0.5, 1.0, 0.0),
    ),
    "R write.csv2": Example(
        _rows('"";"x1";"x2";"y"', '"1";0,5;1;0', '"2";1,5;2;1'),
        {"separator": ";", "decimal": ",", "dropped": [""]},
        (0.5, 1.0, 0.0),
    ),
    "R names of rows that are words": Example(
        _rows('"","mpg","wt","am"', '"Mazda RX4",2.1,2.62,1', '"Valiant",1.81,3.46,0'),
        {"dropped": [""], "inputs": ["mpg", "wt"], "targets": ["am"]},
        (2.1, 2.62, 1.0),
    ),
    "R logical": Example(
        _rows("x,z,y", "0.5,1,TRUE", "1.5,2,FALSE"),
        {"classes": {"FALSE": 0, "TRUE": 1}, "inputs": ["x", "z"]},
        (0.5, 1.0, 1.0),
    ),
    # Excel
    "Excel in the United States": Example(
        b"\xef\xbb\xbf" + _rows("x1,x2,y", '"1,234.5",0.5,1', "2,1.5,0", end="\r\n").encode(),
        {"encoding": "utf-8-sig", "decimal": ".", "separator": ","},
        (1234.5, 0.5, 1.0),
    ),
    "Excel in Germany": Example(
        b"\xef\xbb\xbf" + _rows("x1;x2;y", "1.234,5;0,5;1", "2;1,5;0", end="\r\n").encode(),
        {"encoding": "utf-8-sig", "decimal": ",", "separator": ";"},
        (1234.5, 0.5, 1.0),
    ),
    "Excel in France": Example(
        _rows("x1;x2;classe;y", "1\u202f234,5;0,5;3,5;1", "2;1,5;0,5;0", end="\r\n"),
        {"decimal": ",", "inputs": ["x1", "x2", "classe"], "targets": ["y"]},
        (1234.5, 0.5, 3.5, 1.0),
    ),
    "Excel in Switzerland": Example(
        _rows("x1;x2;y", "1'234.5;0.5;1", "2;1.5;0"), {"decimal": "."}, (1234.5, 0.5, 1.0)
    ),
    "Excel as Unicode text": Example(
        _rows("x1\tx2\ty", "0,5\t1\t1", "1,5\t2\t0", end="\r\n").encode("utf-16"),
        {"encoding": "utf-16", "separator": "\t", "decimal": ","},
        (0.5, 1.0, 1.0),
    ),
    "UTF-16 without a mark, little-endian": Example(
        _rows("x1,x2,y", "0.5,1,1", "1.5,2,0").encode("utf-16-le"),
        {"encoding": "utf-16-le"},
        (0.5, 1.0, 1.0),
    ),
    "UTF-16 without a mark, big-endian": Example(
        _rows("x1,x2,y", "0.5,1,1", "1.5,2,0").encode("utf-16-be"),
        {"encoding": "utf-16-be"},
        (0.5, 1.0, 1.0),
    ),
    "Excel's first line names the separator": Example(
        _rows("sep=;", "x1;x2;y;", "0,5;-0,25;1;", "-0,5;0,75;0;", end="\r\n"),
        {"separator": ";", "decimal": ",", "inputs": ["x1", "x2"], "targets": ["y"]},
        (0.5, -0.25, 1.0),
    ),
    "Excel with a column that is empty throughout": Example(
        _rows("x1,,x2,y", "0.5,,1,1", "1.5,,2,0"),
        {"inputs": ["x1", "x2"], "dropped": [""]},
        (0.5, 1.0, 1.0),
    ),
    "Excel with rows of separators at the end": Example(
        _rows("x1;x2;y", "0,5;1;1", "1,5;2;0", ";;", ";;"),
        {"examples": 2},
        (0.5, 1.0, 1.0),
    ),
    "a typographic minus": Example(_rows("x1,x2,y", "−0.5,1,1", "1.5,−2,0"), {}, (-0.5, 1.0, 1.0)),
    "CR alone ends the lines": Example(
        _rows("x1,x2,y", "0.5,1,1", "1.5,2,0", end="\r"), {"examples": 2}, (0.5, 1.0, 1.0)
    ),
    "quoted decimal commas between commas": Example(
        _rows('"x1","x2","y"', '"0,5","1,25","1"', '"1,5","2","0"'),
        {"separator": ",", "decimal": ","},
        (0.5, 1.25, 1.0),
    ),
    # MATLAB
    "MATLAB writematrix": Example(
        _rows("0.5,-0.25,1", "-0.5,0.75,0"),
        {"header": "none", "inputs": ["x1", "x2"], "targets": ["y"]},
        (0.5, -0.25, 1.0),
    ),
    "MATLAB save -ascii": Example(
        _rows(
            "   5.0000000e-01  -2.5000000e-01   1.0000000e+00",
            "  -5.0000000e-01   7.5000000e-01   0.0000000e+00",
        ),
        {"separator": "blanks", "header": "none"},
        (0.5, -0.25, 1.0),
    ),
    "MATLAB writetable": Example(
        _rows("Var1,Var2,Var3", "0.5,0.25,1", "1.5,0.75,0"),
        {"header": "names", "inputs": ["Var1", "Var2"], "targets": ["Var3"]},
        (0.5, 0.25, 1.0),
    ),
    "a comment of MATLAB": Example(
        _rows("% x1 x2 y", "0.5 0.25 1", "1.5 0.75 0"),
        {"header": "names", "inputs": ["x1", "x2"]},
        (0.5, 0.25, 1.0),
    ),
    # Weka
    "Weka CSV": Example(
        _rows("width,height,class", "0.5,1,'type a'", "1.5,2,'type b'"),
        {"classes": {"type a": 0, "type b": 1}},
        (0.5, 1.0, 0.0),
    ),
    "Weka ARFF": Example(
        _rows(
            "% made by hand",
            "@relation shapes",
            "",
            "@attribute width numeric",
            "@attribute 'the height' real",
            "@attribute class {a,b}",
            "@data",
            "0.5,1,a",
            "1.5,2,b",
        ),
        {"inputs": ["width", "the height"], "targets": ["class"], "classes": {"a": 0, "b": 1}},
        (0.5, 1.0, 0.0),
    ),
    # NumPy
    "NumPy savetxt": Example(
        _rows("5.000e-01 -2.500e-01 1.000e+00", "-5.000e-01 7.500e-01 0.000e+00"),
        {"separator": "blanks", "header": "none", "task": "binary"},
        (0.5, -0.25, 1.0),
    ),
    "NumPy savetxt with a header": Example(
        _rows("# x1 x2 y", "5.0e-01 -2.5e-01 1.0e+00", "-5.0e-01 7.5e-01 0.0e+00"),
        {"header": "names", "inputs": ["x1", "x2"], "targets": ["y"]},
        (0.5, -0.25, 1.0),
    ),
    "NumPy savetxt with commas and a header": Example(
        _rows("# a,b,target", "0.5,-0.25,1", "-0.5,0.75,0"),
        {"header": "names", "inputs": ["a", "b"], "targets": ["target"]},
        (0.5, -0.25, 1.0),
    ),
    "NumPy savetxt with a remark": Example(
        _rows("# recorded points", "0.5 -0.25 1", "-0.5 0.75 0"),
        {"header": "none", "inputs": ["x1", "x2"]},
        (0.5, -0.25, 1.0),
    ),
    # scikit-learn
    "scikit-learn's own iris.csv": Example(
        _rows("3,2,setosa,versicolor,virginica", "5.1,3.5,0", "7.0,3.2,1", "6.3,3.3,2"),
        {"header": "none", "classes": IRIS, "task": "classes", "examples": 3},
        (5.1, 3.5, 1.0, 0.0, 0.0),
    ),
    "scikit-learn load_iris(as_frame=True).frame": Example(
        _rows("sepal length (cm),sepal width (cm),target", "5.1,3.5,0", "7.0,3.2,1", "6.3,3,2"),
        {"targets": ["target"], "task": "classes", "classes": {"0": 0, "1": 1, "2": 2}},
        (5.1, 3.5, 1.0, 0.0, 0.0),
    ),
    # Kaggle
    "Kaggle Iris.csv": Example(
        _rows(
            "Id,SepalLengthCm,PetalLengthCm,Species",
            "1,5.1,1.4,Iris-setosa",
            "2,7.0,4.7,Iris-versicolor",
            "3,6.3,6.0,Iris-virginica",
        ),
        {"dropped": ["Id"], "targets": ["Species"], "task": "classes"},
        (5.1, 1.4, 1.0, 0.0, 0.0),
    ),
    "Kaggle Titanic": Example(
        _rows(
            "PassengerId,Survived,Pclass,Name,Sex,Age,Fare",
            '1,0,3,"Braund, Mr. Owen",male,22,7.25',
            '2,1,1,"Cumings, Mrs. John",female,38,71.3',
            '3,1,3,"Heikkinen, Miss. Laina",female,26,7.925',
        ),
        {
            "dropped": ["PassengerId", "Name", "Sex"],
            "targets": ["Survived"],
            "inputs": ["Pclass", "Age", "Fare"],
        },
        (3.0, 22.0, 7.25, 0.0),
    ),
    "Kaggle breast cancer with a trailing comma in the header": Example(
        _rows(
            "id,diagnosis,radius_mean,area_mean,",
            "842302,M,1.8,10.4,",
            "842517,M,2.0,13.2,",
            "8510426,B,1.3,5.6,",
        ),
        {"dropped": ["id"], "targets": ["diagnosis"], "classes": {"B": 0, "M": 1}},
        (1.8, 10.4, 1.0),
    ),
    # UCI
    "UCI iris.data": Example(
        _rows(
            "5.1,3.5,1.4,0.2,Iris-setosa",
            "7.0,3.2,4.7,1.4,Iris-versicolor",
            "6.3,3.3,6.0,2.5,Iris-virginica",
            "",
            "",
        ),
        {"header": "none", "inputs": ["x1", "x2", "x3", "x4"], "task": "classes"},
        (5.1, 3.5, 1.4, 0.2, 1.0, 0.0, 0.0),
    ),
    "UCI wdbc.data": Example(
        _rows(
            "842302,M,17.99,10.38",
            "842517,M,20.57,17.77",
            "84300903,B,9.69,21.25",
            "84348301,B,11.42,20.38",
        ),
        {"inputs": ["x1", "x2"], "classes": {"B": 0, "M": 1}, "examples": 4},
        (17.99, 10.38, 1.0),
    ),
    "UCI glass.data": Example(
        _rows("1,1.52,13.6,1", "2,1.51,13.9,2", "3,1.49,13.5,3", "4,1.52,13.2,1"),
        {"inputs": ["x1", "x2"], "task": "classes", "classes": {"1": 0, "2": 1, "3": 2}},
        (1.52, 13.6, 1.0, 0.0, 0.0),
    ),
    "UCI wine.data, with the class first": Example(
        _rows("class,alcohol,hue", "1,1.42,1.04", "2,1.23,1.05", "3,1.28,0.59"),
        {"targets": ["class"], "task": "classes", "inputs": ["alcohol", "hue"]},
        (1.42, 1.04, 1.0, 0.0, 0.0),
    ),
    "UCI banknote": Example(
        _rows("3.6216,8.6661,-2.8073,0", "4.5459,8.1674,-2.4586,0", "-1.4,-3.3,1.2,1"),
        {"header": "none", "task": "binary"},
        (3.6216, 8.6661, -2.8073, 0.0),
    ),
    "UCI with blanks in columns": Example(
        _rows("1.00   2.00  10", "3.50  12.25   9.5", " 0.25   1.50   8"),
        {"separator": "blanks", "task": "regression", "classes": None},
        (1.0, 2.0, 10.0),
    ),
    # roles and classes
    "minus one and plus one": Example(
        _rows("x1,x2,y", "-1,-1,-1", "-1,1,+1", "1,-1,+1", "1,1,-1"),
        {"classes": {"-1": 0, "+1": 1}, "task": "binary"},
        (-1.0, -1.0, 0.0),
    ),
    "one and two": Example(
        _rows("a,b,y", "0.5,1,1", "1.5,2,2"), {"classes": {"1": 0, "2": 1}}, (0.5, 1.0, 0.0)
    ),
    "yes and no": Example(
        _rows("a,b,admitted", "0.5,1,yes", "1.5,2,no"),
        {"classes": {"no": 0, "yes": 1}, "targets": ["admitted"]},
        (0.5, 1.0, 1.0),
    ),
    "the only column of two values": Example(
        _rows("admitted,exam1,exam2", "1,0.3,0.4", "0,0.5,0.6", "1,0.7,0.8"),
        {"targets": ["admitted"], "inputs": ["exam1", "exam2"]},
        (0.3, 0.4, 1.0),
    ),
    "the target in the middle": Example(
        _rows("a,Outcome,b", "1,0.5,2", "3,0.75,4", "5,0.8,7"),
        {"targets": ["Outcome"], "inputs": ["a", "b"], "task": "regression"},
        (1.0, 2.0, 0.5),
    ),
    "columns in another order": Example(
        _rows("y,x2,x1", "1,0.5,2", "0,0.75,4"), {"inputs": ["x1", "x2"]}, (2.0, 0.5, 1.0)
    ),
    "coordinates x and y beside a class": Example(
        _rows("x,y,class", "0.5,1,0", "1.5,2,1"),
        {"inputs": ["x", "y"], "targets": ["class"]},
        (0.5, 1.0, 0.0),
    ),
    "several classes at once": Example(
        _rows("x1,x2,y1,y2", "0,0,1,1", "0,1,0,1", "1,0,0,0"),
        {"task": "binary", "targets": ["y1", "y2"], "classes": None},
        (0.0, 0.0, 1.0, 1.0),
    ),
    "several numbers": Example(
        _rows("x1,y1,y2", "0,0.5,1", "1,0.25,2"),
        {"task": "regression", "targets": ["y1", "y2"]},
        (0.0, 0.5, 1.0),
    ),
    "a regression": Example(
        _rows("size,price", "0.5,1.25", "1.5,2.75", "0.1,0.9"),
        {"task": "regression", "targets": ["price"], "classes": None},
        (0.5, 1.25),
    ),
    "pipes": Example(_rows("x1|x2|y", "0.5|1|0", "1.5|2|1"), {"separator": "|"}, (0.5, 1.0, 0.0)),
    "blanks after the commas": Example(
        _rows("x1, x2, y", "0.5, 1, 0", "1.5, 2, 1"), {"separator": ","}, (0.5, 1.0, 0.0)
    ),
    "decimal commas between blanks": Example(
        _rows("0,5 1,25 1", "1,5 2,75 0"),
        {"separator": "blanks", "decimal": ","},
        (0.5, 1.25, 1.0),
    ),
}
