using EdgeGateway.Drivers;

namespace Drivers.Tests.Catalog;

/// <summary>
/// <c>docs/drivers/</c> is made from the metadata. After a change, run these tests once with <c>EDGEGATEWAY_WRITE_DOCS=1</c>: they write the pages.
/// </summary>
public sealed class DriverDocumentTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Names => [.. DriverCatalog.All.Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_EveryDriver_IsInTheDocuments(string name) => AssertFile($"{name}.md", DriverDocument.Page(DriverCatalog.Find(name)!));

    [Fact]
    public void Index_AllDrivers_IsInTheDocuments() => AssertFile("README.md", DriverDocument.Index(DriverCatalog.All));

    [Fact]
    public void Documents_OfDriversThatAreNot_AreNone() => Assert.Equal(
        ["README.md", .. DriverCatalog.All.Select(driver => $"{driver.Name}.md").Order(StringComparer.Ordinal)],
        Directory.GetFiles(Path.Combine(Root, "docs", "drivers"), "*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal).OrderBy(name => name != "README.md"));

    [Fact]
    public void Readmes_OfI2cSensors_SayWhatTheirDriversTakeAndGive()
    {
        var texts = Directory.GetFiles(Path.Combine(Root, "src", "Drivers", "I2c"), "README.md", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        foreach (var driver in I2c.SimulatedI2cSensors.All.Select(entry => DriverCatalog.Find(entry.Driver)!).Append(DriverCatalog.Find("24cxx")!))
        {
            var text = Assert.Single(texts, text => text.Split('\n')[2] is var line && line.StartsWith("Driver", StringComparison.Ordinal) && line.Contains($"`{driver.Name}`", StringComparison.Ordinal));
            foreach (var word in driver.Options.Select(option => option.Name).Concat(driver.Readings.Select(reading => reading.Name)).Concat(driver.States.Select(state => state.Name)))
                Assert.True(text.Contains($"`{word}`", StringComparison.Ordinal) || driver.Readings.Length > 6, $"the README of {driver.Name} does not speak of {word}"); // those with many list them in short
            Assert.All(["**Wiring.**", "**Configuration.**", "**Readings.**", "**Accuracy.**", "**Gotchas.**", "```yaml"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        }
    }

    private static void AssertFile(string name, string expected)
    {
        var path = Path.Combine(Root, "docs", "drivers", name);
        if (Environment.GetEnvironmentVariable("EDGEGATEWAY_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path), $"docs/drivers/{name} is missing: EDGEGATEWAY_WRITE_DOCS=1 writes it");
        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("EdgeGateway.sln is in no folder above the tests.");
    }
}
