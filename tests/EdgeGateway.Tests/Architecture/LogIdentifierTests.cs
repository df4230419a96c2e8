using System.Reflection;
using EdgeGateway.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeGateway.Tests.Architecture;

public sealed class LogIdentifierTests
{
    private static readonly Dictionary<string, int> Thousands = new()
    {
        ["Gateway"] = 1, ["Broker"] = 2, ["Identity"] = 3, ["Registry"] = 4, ["Shadows"] = 5, ["Devices"] = 6, ["Rules"] = 7,
        ["Sync"] = 8, ["Storage"] = 9, ["Api"] = 9, ["Hosting"] = 9, ["Search"] = 10, ["Jobs"] = 10,
    };

    [Fact]
    public void LogMessages_Identifiers_AreUnique()
    {
        var twice = Messages().GroupBy(static message => message.Id).Where(static group => group.Count() > 1).Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static message => message.Name))}");

        Assert.Empty(twice);
    }

    [Fact]
    public void LogMessages_Identifiers_LieInTheThousandOfTheirSlice()
    {
        var messages = Messages();

        Assert.NotEmpty(messages);
        Assert.Empty(messages.Where(static message => message.Id / 1000 != Thousands.GetValueOrDefault(message.Slice)).Select(static message => $"{message.Name} is {message.Id}"));
    }

    private static (string Slice, string Name, int Id)[] Messages() =>
    [
        .. from type in typeof(GatewayHost).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type.Namespace!.Split('.')[1], $"{type.Name}.{method.Name}", message.EventId),
    ];
}
