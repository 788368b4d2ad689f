using FsCheck;
using FsCheck.Fluent;
using Kpi.SamplePlatform.Shop.Access;

namespace Kpi.Tests.SamplePlatform.Shop;

public sealed class ShopTokensTests
{
    private readonly ShopTokens tokens = new("sixteen letters!"u8.ToArray());

    [Fact]
    public void A_token_says_whose_it_is() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNegativeInt>(),
        ArbMap.Default.ArbFor<NonNegativeInt>(),
        (tenant, account) => tokens.TryRead(tokens.Issue(tenant.Get, account.Get), out var t, out var a) && (t, a) == (tenant.Get, account.Get)
            && !tokens.IsOperator(tokens.Issue(tenant.Get, account.Get))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_changed_in_any_place_is_refused()
    {
        var token = tokens.Issue(12, 345);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token.ToCharArray();
            changed[i] = changed[i] == '1' ? '2' : '1';
            Assert.False(tokens.TryRead(changed, out _, out _), new string(changed));
        }
    }

    [Fact]
    public void The_operator_is_no_tenant()
    {
        Assert.True(tokens.IsOperator(tokens.IssueForOperator()));
        Assert.False(tokens.TryRead(tokens.IssueForOperator(), out _, out _));
        Assert.False(tokens.IsOperator("operator.0."));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.1")]
    [InlineData("..")]
    [InlineData("1.1.\ud800")]
    public void What_is_no_token_is_refused(string text) => Assert.False(tokens.TryRead(text, out _, out _));

    [Fact]
    public void A_signature_made_with_another_key_is_refused() =>
        Assert.False(tokens.TryRead(new ShopTokens("another sixteen."u8.ToArray()).Issue(1, 1), out _, out _));
}
