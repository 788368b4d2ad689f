using Kpi.Rollups.Identity;
using Kpi.SloEngine.Evaluation;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class RequestOutcomesTests
{
    [Theory]
    [InlineData("100", "Good")]
    [InlineData("200", "Good")]
    [InlineData("304", "Good")]
    [InlineData("400", "Good")]
    [InlineData("404", "Good")]
    [InlineData("429", "Good")]
    [InlineData("498", "Good")]
    [InlineData("499", "Aborted")]
    [InlineData("500", "Bad")]
    [InlineData("502", "Bad")]
    [InlineData("503", "Bad")]
    [InlineData("504", "Bad")]
    [InlineData("599", "Bad")]
    public void A_status_code_decides(string status, string expected) =>
        Assert.Equal(expected, Outcome(("http.response.status_code", status)));

    [Theory]
    [InlineData("200", "Bad")] // an answer that says it worked around an error that it names
    [InlineData("302", "Bad")]
    [InlineData("404", "Good")] // instrumentation may set error.type to the status of a 4xx
    [InlineData("429", "Good")]
    [InlineData("499", "Aborted")]
    [InlineData("500", "Bad")]
    public void An_error_type_makes_everything_but_4xx_bad(string status, string expected) =>
        Assert.Equal(expected, Outcome(("http.response.status_code", status), ("error.type", "timeout")));

    [Fact]
    public void A_request_without_an_answer_is_bad_when_it_names_an_error_and_good_else()
    {
        Assert.Equal("Bad", Outcome(("error.type", "connection_reset")));
        Assert.Equal("Good", Outcome());
    }

    [Theory]
    [InlineData("true", "Bad")]
    [InlineData("false", "Good")]
    public void A_429_is_bad_when_it_protects_the_service(string shed, string expected) =>
        Assert.Equal(expected, Outcome(("http.response.status_code", "429"), ("app.shed", shed)));

    [Theory]
    [InlineData("OK", "0", "Good")]
    [InlineData("CANCELLED", "1", "Good")]
    [InlineData("UNKNOWN", "2", "Bad")]
    [InlineData("INVALID_ARGUMENT", "3", "Good")]
    [InlineData("DEADLINE_EXCEEDED", "4", "Bad")]
    [InlineData("NOT_FOUND", "5", "Good")]
    [InlineData("ALREADY_EXISTS", "6", "Good")]
    [InlineData("PERMISSION_DENIED", "7", "Good")]
    [InlineData("RESOURCE_EXHAUSTED", "8", "Good")]
    [InlineData("FAILED_PRECONDITION", "9", "Good")]
    [InlineData("ABORTED", "10", "Good")]
    [InlineData("OUT_OF_RANGE", "11", "Good")]
    [InlineData("UNIMPLEMENTED", "12", "Bad")]
    [InlineData("INTERNAL", "13", "Bad")]
    [InlineData("UNAVAILABLE", "14", "Bad")]
    [InlineData("DATA_LOSS", "15", "Bad")]
    [InlineData("UNAUTHENTICATED", "16", "Good")]
    public void A_grpc_code_decides_by_name_and_by_number(string name, string number, string expected)
    {
        Assert.Equal(expected, Outcome(("rpc.response.status_code", name)));
        Assert.Equal(expected, Outcome(("rpc.response.status_code", number)));
    }

    [Fact]
    public void A_grpc_answer_that_is_fine_but_names_an_error_is_bad_and_a_callers_fault_is_not()
    {
        Assert.Equal("Bad", Outcome(("rpc.response.status_code", "OK"), ("error.type", "timeout")));
        Assert.Equal("Good", Outcome(("rpc.response.status_code", "NOT_FOUND"), ("error.type", "NOT_FOUND")));
    }

    [Theory]
    [InlineData("2xx")]
    [InlineData("-1")]
    [InlineData(" 500")]
    public void A_status_that_is_no_number_says_nothing(string status) =>
        Assert.Equal("Good", Outcome(("http.response.status_code", status)));

    private static string Outcome(params (string Name, string Value)[] labels) => RequestOutcomes.Of(Labels.Of(labels)).ToString();
}
