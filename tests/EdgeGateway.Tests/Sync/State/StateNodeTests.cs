using System.Text;
using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

public sealed class StateNodeTests
{
    [Fact]
    public void Read_MembersOfOneName_TheLastStands() =>
        Assert.Equal("""{"desired":{"a":{"x":2},"b":3}}""", Read("""{"desired":{"a":1,"b":3,"a":{"x":1,"x":2}}}""").ToString());

    [Fact]
    public void Read_EmptySection_IsAbsent() => Assert.True(Read("""{"desired":{},"reported":7,"delta":{"a":1}}""").IsEmpty);

    [Theory]
    [InlineData("""{"desired":{"a":1,"b":[1,{"c":2}]}}""", """{"desired":{"b":[1.0,{"c":2}],"a":1.00}}""", true)]
    [InlineData("""{"desired":{"a":[1,2]}}""", """{"desired":{"a":[2,1]}}""", false)]
    [InlineData("""{"desired":{"a":{}}}""", """{"desired":{"a":[]}}""", false)]
    [InlineData("""{"desired":{"a":"1"}}""", """{"desired":{"a":1}}""", false)]
    [InlineData("""{"desired":{"a":1}}""", """{"reported":{"a":1}}""", false)]
    public void Equal_SameValues_WhateverTheText(string one, string other, bool isEqual) => Assert.Equal(isEqual, SectionStates.Equal(Read(one), Read(other)));

    [Fact]
    public void Read_Metadata_GivesTheLatestTimeInside()
    {
        var node = SectionStates.Read(
            """{"reported":{"a":1,"l":[1,2],"o":{"x":1}}}"""u8.ToArray(),
            """{"reported":{"a":{"timestamp":10},"l":[{"timestamp":20},{"timestamp":21}],"o":{"x":{"timestamp":15}}}}"""u8.ToArray()).Reported!;
        Assert.Equal(21_000, node.Clock);
        Assert.Equal([10_000L, 21_000L, 15_000L], node.Members!.Select(static member => member.Node.Clock));
    }

    private static SectionStates Read(string json) => SectionStates.Read(Encoding.UTF8.GetBytes(json), default);
}
