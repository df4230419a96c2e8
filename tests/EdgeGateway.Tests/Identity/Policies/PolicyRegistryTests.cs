using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using Xunit;

namespace EdgeGateway.Tests.Identity.Policies;

public sealed class PolicyRegistryTests : IDisposable
{
    private const string Allow = """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""";
    private readonly IdentityHouse _house = new();

    private IPolicies Policies => _house.Policies;

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Versions_FiveAtMost_NumbersNeverReused()
    {
        await Policies.CreateAsync("p", IdentityHouse.Document(Allow), IdentityHouse.Actor);
        for (var n = 2; n <= 5; n++)
            Assert.Equal(n, (await Policies.CreateVersionAsync("p", IdentityHouse.Document(Allow), setAsDefault: false, IdentityHouse.Actor)).Version);
        Assert.Equal(IdentityError.VersionsLimitExceeded, (await RefusedAsync(() => Policies.CreateVersionAsync("p", IdentityHouse.Document(Allow), false, IdentityHouse.Actor))).Error);

        await Policies.DeleteVersionAsync("p", 5, IdentityHouse.Actor);

        Assert.Equal(6, (await Policies.CreateVersionAsync("p", IdentityHouse.Document(Allow), setAsDefault: true, IdentityHouse.Actor)).Version);
        Assert.Equal([1, 2, 3, 4, 6], Policies.Versions("p").Select(version => version.Version));
        Assert.Equal(6, Policies.Find("p")!.DefaultVersion);
        Assert.Equal(IdentityError.DeleteConflict, (await RefusedAsync(() => Policies.DeleteVersionAsync("p", 6, IdentityHouse.Actor))).Error);
    }

    [Fact]
    public async Task Create_DocumentComesBackByteForByte()
    {
        var document = "{ \"Version\": \"2012-10-17\",\n\t\"Statement\": " + Allow + " }\n";

        await Policies.CreateAsync("p", document, IdentityHouse.Actor);

        Assert.Equal(document, Policies.FindVersion("p", null)!.Document);
    }

    [Fact]
    public async Task Create_BadNameDocumentOrTwice_RefusedAndNothingStays()
    {
        Assert.Equal(IdentityError.InvalidRequest, (await RefusedAsync(() => Policies.CreateAsync("a b", IdentityHouse.Document(Allow), IdentityHouse.Actor))).Error);
        await Assert.ThrowsAsync<MalformedPolicyException>(() => Policies.CreateAsync("p", "{}", IdentityHouse.Actor));
        var large = IdentityHouse.Document("{ \"Effect\": \"Allow\", \"Action\": \"iot:*\", \"Resource\": \"arn:aws:iot:edge:000000000000:topic/" + new string('x', 2048) + "\" }");
        Assert.Equal(MalformedPolicyError.TooLong, (await Assert.ThrowsAsync<MalformedPolicyException>(() => Policies.CreateAsync("p", large, IdentityHouse.Actor))).Error);
        Assert.Empty(Policies.List());

        await Policies.CreateAsync("p", IdentityHouse.Document(Allow), IdentityHouse.Actor);
        Assert.Equal(IdentityError.ResourceAlreadyExists, (await RefusedAsync(() => Policies.CreateAsync("p", IdentityHouse.Document(Allow), IdentityHouse.Actor))).Error);
    }

    [Fact]
    public async Task Delete_AttachedOrWithVersions_Refused()
    {
        await _house.AllowAsync("p", _house.Arns.User("plug"), Allow);
        Assert.Equal(IdentityError.DeleteConflict, (await RefusedAsync(() => Policies.DeleteAsync("p", IdentityHouse.Actor))).Error);
        Assert.Equal([_house.Arns.User("plug")], Policies.TargetsOf("p"));
        await Policies.DetachAsync("p", _house.Arns.User("plug"), IdentityHouse.Actor);
        await Policies.CreateVersionAsync("p", IdentityHouse.Document(Allow), setAsDefault: false, IdentityHouse.Actor);
        Assert.Equal(IdentityError.DeleteConflict, (await RefusedAsync(() => Policies.DeleteAsync("p", IdentityHouse.Actor))).Error);
        await Policies.DeleteVersionAsync("p", 2, IdentityHouse.Actor);

        await Policies.DeleteAsync("p", IdentityHouse.Actor);

        Assert.Null(Policies.Find("p"));
        Assert.Null(Policies.FindVersion("p", 1));
    }

    [Fact]
    public async Task Attach_LimitsAndTargets_AsTheSpecSays()
    {
        for (var n = 0; n < 11; n++)
            await Policies.CreateAsync($"p{n}", IdentityHouse.Document(Allow), IdentityHouse.Actor);
        for (var n = 0; n < 10; n++)
            await Policies.AttachAsync($"p{n}", _house.Arns.User("plug"), IdentityHouse.Actor);
        await Policies.AttachAsync("p0", _house.Arns.User("plug"), IdentityHouse.Actor);                 // again: nothing changes
        Assert.Equal(10, Policies.AttachedTo(_house.Arns.User("plug")).Count);

        Assert.Equal(410, (await RefusedAsync(() => Policies.AttachAsync("p10", _house.Arns.User("plug"), IdentityHouse.Actor))).Error.Status);
        await Policies.AttachAsync("p0", _house.Arns.ThingGroup("g"), IdentityHouse.Actor);
        await Policies.AttachAsync("p1", _house.Arns.ThingGroup("g"), IdentityHouse.Actor);
        Assert.Equal(410, (await RefusedAsync(() => Policies.AttachAsync("p2", _house.Arns.ThingGroup("g"), IdentityHouse.Actor))).Error.Status);
        Assert.Equal(404, (await RefusedAsync(() => Policies.AttachAsync("p0", _house.Arns.Certificate(new string('a', 64)), IdentityHouse.Actor))).Error.Status);
        Assert.Equal(400, (await RefusedAsync(() => Policies.AttachAsync("p0", "arn:aws:iot:other:000000000000:thinggroup/g", IdentityHouse.Actor))).Error.Status);
        Assert.Equal(404, (await RefusedAsync(() => Policies.AttachAsync("none", _house.Arns.User("plug"), IdentityHouse.Actor))).Error.Status);
    }

    private static Task<IdentityException> RefusedAsync(Func<Task> action) => Assert.ThrowsAsync<IdentityException>(action);
}
