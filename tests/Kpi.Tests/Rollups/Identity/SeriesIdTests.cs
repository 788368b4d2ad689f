using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Identity;

/// <summary>
/// Identities lie in every store, so they never change. The constants are the first 32 digits of coreutils' <c>sha256sum</c>
/// over the bytes written by hand; the first of them is
/// <c>printf '\x00\x00\x00\x08__name__\x00\x00\x00\x02up' | sha256sum</c>.
/// </summary>
public sealed class SeriesIdTests
{
    [Fact]
    public void The_identity_of_a_metric_without_labels_is_known() =>
        Assert.Equal("6466cd2f4b41fd7b7c0354ce4d14b5da", SeriesId.Of(SeriesKind.Distribution, Labels.Of(("__name__", "up"))).ToString());

    [Fact]
    public void The_identity_of_a_metric_with_labels_is_known() => Assert.Equal(
        "b3c7e39ae4fb3ba14b3c9e5451658410",
        SeriesId.Of(SeriesKind.Distribution, Labels.Of(("service.name", "shop"), ("__name__", "http.server.request.duration"), ("http.route", "/a/{id}"))).ToString());

    [Fact]
    public void Lengths_are_those_of_UTF_8() =>
        Assert.Equal("1b4b0143752efbd5fd4ae7fd8489ad2b", SeriesId.Of(SeriesKind.Distribution, Labels.Of(("ключ", "😀"))).ToString());

    [Fact]
    public void The_identity_of_no_labels_is_that_of_no_bytes() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb924", SeriesId.Of(SeriesKind.Distribution, Labels.Of()).ToString());

    [Fact]
    public void Text_that_moves_from_name_to_value_is_another_series()
    {
        Assert.NotEqual(SeriesId.Of(SeriesKind.Distribution, Labels.Of(("ab", "c"))), SeriesId.Of(SeriesKind.Distribution, Labels.Of(("a", "bc"))));
        Assert.NotEqual(SeriesId.Of(SeriesKind.Distribution, Labels.Of(("a", "b"), ("c", "d"))), SeriesId.Of(SeriesKind.Distribution, Labels.Of(("a", "b\0\0\0\u0001c\0\0\0\u0001d"))));
    }

    [Fact]
    public void A_counter_is_another_series_than_a_distribution_of_the_same_labels()
    {
        // printf '\x00\x00\x00\x08__name__\x00\x00\x00\x02up\xff\xff\xff\xff\x00\x00\x00\x01' | sha256sum
        Assert.Equal("d1379569504244fc7eb3879a4fec9dcb", SeriesId.Of(SeriesKind.Counter, Labels.Of(("__name__", "up"))).ToString());
        Assert.NotEqual(Series.Of(SeriesKind.Counter, "", Labels.Of()), Series.Of(SeriesKind.Distribution, "", Labels.Of()));
    }

    [Fact]
    public void A_series_is_equal_by_its_identity_and_named_by_its_metric()
    {
        var one = Series.Of(SeriesKind.Distribution, "1", Labels.Of(("__name__", "up"), ("a", "b")));
        var other = Series.Of(SeriesKind.Distribution, "s", Labels.Of(("a", "b"), ("__name__", "up")));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(("up", ""), (one.Name, Series.Of(SeriesKind.Counter, "1", Labels.Of(("a", "b"))).Name));
    }
}
