using System.Text.RegularExpressions;
using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Architecture;

public sealed class ArchitectureDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    [Fact]
    public void Document_NamesFoldersAndTypes_ThatExist()
    {
        var types = typeof(GatewayHost).Assembly.GetTypes().Select(static type => type.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        var named = Regex.Matches(Document, "`([^`\n]+)`").Select(static match => match.Groups[1].Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => IsPath(name) ? !Exists(name) : IsTypeName(name) && !types.Contains(name) && !Exists($"src/EdgeGateway/{name}"));
    }

    [Fact]
    public void Document_StaysTwoPages() => Assert.InRange(Document.Split('\n').Length, 20, 140);

    private static bool IsPath(string name) => Regex.IsMatch(name, "^(src|tests|docs|packaging|systemd|bench)/[A-Za-z0-9_./-]*$");

    private static bool IsTypeName(string name) => Regex.IsMatch(name, "^[A-Z][A-Za-z0-9]+$") && !name.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));
}
