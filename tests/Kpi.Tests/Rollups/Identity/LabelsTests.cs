using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Identity;

public sealed class LabelsTests
{
    [Fact]
    public void The_order_in_which_labels_come_does_not_matter()
    {
        var forth = Labels.Of(("a", "1"), ("B", "2"), ("é", "3"), ("_", "4"));
        var back = Labels.Of(("_", "4"), ("é", "3"), ("B", "2"), ("a", "1"));
        Assert.Equal(forth, back);
        Assert.Equal(forth.GetHashCode(), back.GetHashCode());
        Assert.Equal(SeriesId.Of(SeriesKind.Distribution, forth), SeriesId.Of(SeriesKind.Distribution, back));
        Assert.Equal(["B", "_", "a", "é"], forth.Select(p => p.Key));
    }

    [Fact]
    public void An_empty_value_is_the_same_as_no_label()
    {
        var with = Labels.Of(("a", "1"), ("b", ""));
        Assert.Equal(Labels.Of(("a", "1")), with);
        Assert.Equal(SeriesId.Of(SeriesKind.Distribution, Labels.Of(("a", "1"))), SeriesId.Of(SeriesKind.Distribution, with));
        Assert.Null(with["b"]);
        Assert.Single(with);
    }

    [Fact]
    public void Of_a_name_given_twice_the_last_counts()
    {
        Assert.Equal("2", Labels.Of(("a", "1"), ("a", "2"))["a"]);
        Assert.Empty(Labels.Of(("a", "1"), ("a", "")));
    }

    [Fact]
    public void Names_and_values_are_told_apart_by_every_character()
    {
        Assert.NotEqual(Labels.Of(("a", "x")), Labels.Of(("A", "x")));
        Assert.NotEqual(Labels.Of(("a", "é")), Labels.Of(("a", "e\u0301")));
        Assert.Null(Labels.Of(("a", "x"))["A"]);
    }

    [Fact]
    public void The_text_shows_names_in_order() =>
        Assert.Equal("{a=\"1\", b=\"2\"}", Labels.Of(("b", "2"), ("a", "1")).ToString());
}
