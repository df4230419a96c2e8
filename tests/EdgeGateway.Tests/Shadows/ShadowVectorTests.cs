using System.Text.Json.Nodes;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

/// <summary>Every vector against the pure transitions: nothing but documents and requests.</summary>
[Trait("Category", "Vectors")]
public sealed class ShadowVectorTests
{
    private static readonly ShadowOptions Limits = new();

    public static TheoryData<string> Ids => [.. ShadowVector.All.Keys];

    [Theory, MemberData(nameof(Ids))]
    public void Apply_Vector_AsExpected(string id)
    {
        var shadows = new Dictionary<ShadowId, ShadowDocument>();
        var now = 1_767_225_600_123;
        foreach (var step in ShadowVector.All[id].Steps)
        {
            var shadow = new ShadowId(step.Thing, step.Shadow);
            var before = shadows.GetValueOrDefault(shadow, ShadowDocument.None);
            var transition = ShadowTransitions.Apply(shadow, before, Read(step), now += 1000, Limits);
            CheckAnswer(step.Expect, transition);
            CheckNotifications(step.Expect, transition as ShadowTransition.Updated, before.Exists);
            shadows[shadow] = transition switch
            {
                ShadowTransition.Updated updated => updated.Next,
                ShadowTransition.Deleted deleted => deleted.Next,
                _ => before,
            };
        }
    }

    private static ShadowRequest Read(ShadowVectorStep step) => step.Operation switch
    {
        "update" => ShadowRequestReader.ReadUpdate(step.Payload, Limits),
        "get" => ShadowRequestReader.ReadGet(step.Payload, Limits),
        "delete" => ShadowRequestReader.ReadDelete(step.Payload, Limits),
        _ => throw new InvalidDataException($"unknown operation {step.Operation}"),
    };

    private static void CheckAnswer(JsonObject expect, ShadowTransition transition)
    {
        var name = transition is ShadowTransition.Rejected ? "rejected" : "accepted";
        Assert.True(expect.ContainsKey(name), $"{name}: {System.Text.Encoding.UTF8.GetString(transition.Body)}");
        ShadowExpectation.Check(expect[name]!, transition.Body);
    }

    private static void CheckNotifications(JsonObject expect, ShadowTransition.Updated? updated, bool existed)
    {
        if (expect.TryGetPropertyValue("delta", out var delta))
        {
            Assert.Equal(delta is null, updated?.Delta is null);
            if (delta is not null)
                ShadowExpectation.Check(delta, updated!.Delta!());
        }
        if (expect.TryGetPropertyValue("documents", out var documents))
        {
            Assert.Equal(documents is null, updated is null);
            if (documents is not null)
                ShadowExpectation.Check(documents, updated!.Documents(), isDocuments: true, ignorePrevious: !existed);
        }
    }
}
