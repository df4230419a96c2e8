using Bunit;
using EdgeGateway.Pages.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Console.Tests.Pages;

public sealed class DriversTests : PageTestBase
{
    private const string Two = """
        [{"name":"sht3x","chip":"SHT31","description":"Temperature and humidity","kinds":["sensor"],"bus":"i2c","addresses":["0x44"],
          "readings":[{"name":"humidity","unit":"%RH","minimum":0,"maximum":100,"description":"Relative humidity"}],"states":[],"events":[],
          "options":[{"name":"address","type":"text","required":false,"default":"0x44","choices":["0x44","0x45"],"expects":"one of 0x44, 0x45","description":"address on the bus"}],
          "configuration":"sensors:\n  - name: my-sht3x\n","datasheet":"SHT3x-DIS","wiring":"SDA, SCL","accuracy":"±2 %RH","notes":["Keep it dry."],"shortestIntervalSeconds":1},
         {"name":"relay","chip":"relay","description":"A contact","kinds":["actuator"],"bus":"gpio","addresses":[],"readings":[],
          "states":[{"name":"state","choices":["on","off"],"minimum":null,"maximum":null,"unit":"","description":"the contact"}],"events":[],
          "options":[{"name":"pin","type":"integer","required":true,"default":null,"choices":[],"expects":"0 to 27","description":"the line"}],
          "configuration":"outputs:\n  - name: my-relay\n","datasheet":"","wiring":"","accuracy":"","notes":[],"shortestIntervalSeconds":0}]
        """;

    public DriversTests() => Gateway.Answer("GET drivers", Two);

    [Theory]
    [InlineData("0x44", "SHT31")]
    [InlineData("humid", "SHT31")]
    [InlineData("gpio", "relay")]
    public void Search_AddressQuantityOrBus_Finds(string typed, string chip)
    {
        var page = Render<Drivers>();
        page.WaitForElement("input").Input(typed);
        page.WaitForAssertion(() => Assert.Equal(chip, Assert.Single(page.FindAll(".choice-list strong")).TextContent));
    }

    [Fact]
    public void Search_Nothing_SaysWhatToDo()
    {
        var page = Render<Drivers>();
        page.WaitForElement("input").Input("sonar");
        page.WaitForAssertion(() => Assert.Contains("No driver is about that", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Chosen_TellsWiringConfigurationOptionsAndReadings()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("drivers?driver=sht3x");
        var page = Render<Drivers>();
        var panel = page.WaitForElement(".driver");
        foreach (var expected in new[] { "SDA, SCL", "- name: my-sht3x", "one of 0x44, 0x45", "0 to 100", "Keep it dry.", "SHT3x-DIS" })
            Assert.Contains(expected, panel.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_OptionWithoutDefault_MustBeGiven()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("drivers?driver=relay");
        Assert.Contains("must be given", Render<Drivers>().WaitForElement(".driver").TextContent, StringComparison.Ordinal);
    }
}
