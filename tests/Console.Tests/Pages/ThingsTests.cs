using System.Net;
using Bunit;
using EdgeGateway.Pages.Components;
using Xunit;

namespace Console.Tests.Pages;

public sealed class ThingsTests : PageTestBase
{
    private const string Shadow = """{"state":{"desired":{"state":"on"},"reported":{"state":"off"},"delta":{"state":"on"}},"version":7}""";

    [Fact]
    public void Render_NoShadow_OffersToMakeOne()
    {
        var panel = Render<ShadowPanel>(parameters => parameters.Add(panel => panel.Thing, "fan"));
        panel.WaitForAssertion(() => Assert.Contains("no such shadow yet", panel.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Save_Edited_SendsDesiredWithTheVersionSeen()
    {
        Gateway.Answer("GET shadows/fan", Shadow);
        Gateway.Answer("POST shadows/fan", "{}");
        var panel = Edit("""{"state":"off"}""");
        panel.WaitForAssertion(() => Assert.Contains("""POST shadows/fan {"state":{"desired":{"state":"off"}},"version":7}""", Gateway.Asked));
    }

    [Fact]
    public void Save_ChangedMeanwhile_SaysSoAndKeepsTheDraft()
    {
        Gateway.Answer("GET shadows/fan", Shadow);
        Gateway.Answer("POST shadows/fan", """{"detail":"Version conflict"}""", HttpStatusCode.Conflict);
        var panel = Edit("""{"state":"off"}""");
        panel.WaitForAssertion(() => Assert.Contains("has changed since you began", panel.Markup, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "Not JSON: line 1")]
    [InlineData("[1]", "A state is an object")]
    public void Save_NotAnObject_SendsNothing(string typed, string fault)
    {
        Gateway.Answer("GET shadows/fan", Shadow);
        var panel = Edit(typed);
        panel.WaitForAssertion(() => Assert.Contains(fault, panel.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(Gateway.Asked, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    private IRenderedComponent<ShadowPanel> Edit(string typed)
    {
        var panel = Render<ShadowPanel>(parameters => parameters.Add(panel => panel.Thing, "fan"));
        panel.WaitForElement(".states + p + button").Click();
        panel.WaitForElement("textarea").Input(typed);
        panel.FindAll("button").Single(button => button.TextContent.Trim() == "Save").Click();
        return panel;
    }
}
