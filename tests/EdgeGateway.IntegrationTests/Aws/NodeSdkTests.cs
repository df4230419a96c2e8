namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>AWS's SDK for JavaScript: <c>@aws-sdk/client-iot</c> and <c>client-iot-data-plane</c>, over TLS with the gateway's own CA.</summary>
public sealed class NodeSdkTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Registry() => NodeAsync(
        """
        const type = await call("CreateThingType", { thingTypeName: "NLamp", thingTypeProperties: { thingTypeDescription: "d", searchableAttributes: ["room"] }, tags: [{ Key: "a", Value: "b" }] });
        assert.match(type.thingTypeArn, /:thingtype\/NLamp$/);
        await refused("ResourceAlreadyExistsException", 409, call("CreateThingType", { thingTypeName: "NLamp" }));
        const thing = await call("CreateThing", { thingName: "n:lamp", thingTypeName: "NLamp", attributePayload: { attributes: { room: "hall" } } });
        const taken = await refused("ResourceAlreadyExistsException", 409, call("CreateThing", { thingName: "n:lamp" }));
        assert.strictEqual(taken.resourceArn, thing.thingArn);
        await refused("ResourceNotFoundException", 404, call("CreateThing", { thingName: "x", thingTypeName: "none" }));
        await refused("InvalidRequestException", 400, call("CreateThing", { thingName: "a b" }));
        await call("UpdateThing", { thingName: "n:lamp", attributePayload: { attributes: { floor: "1" }, merge: true }, expectedVersion: 1 });
        await refused("VersionConflictException", 409, call("UpdateThing", { thingName: "n:lamp", expectedVersion: 1 }));
        const described = await call("DescribeThing", { thingName: "n:lamp" });
        assert.deepStrictEqual([described.version, described.attributes, described.thingTypeName], [2, { room: "hall", floor: "1" }, "NLamp"]);
        await refused("ResourceNotFoundException", 404, call("DescribeThing", { thingName: "none" }));
        for (let i = 0; i < 5; i++) await call("CreateThing", { thingName: "n-" + i, thingTypeName: "NLamp" });
        const listed = [];
        for await (const page of iotLib.paginateListThings({ client: iot, pageSize: 2 }, { thingTypeName: "NLamp" })) listed.push(...names(page.things, "thingName"));
        assert.deepStrictEqual(listed, ["n-0", "n-1", "n-2", "n-3", "n-4", "n:lamp"]);
        await refused("InvalidRequestException", 400, call("ListThings", { nextToken: "x" }));
        assert.deepStrictEqual(names((await call("ListThingTypes", { thingTypeName: "NLamp" })).thingTypes, "thingTypeName"), ["NLamp"]);
        await call("UpdateThingType", { thingTypeName: "NLamp", thingTypeProperties: { mqtt5Configuration: { propagatingAttributes: [{ userPropertyKey: "r", thingAttribute: "room" }] } } });
        assert.strictEqual((await call("DescribeThingType", { thingTypeName: "NLamp" })).thingTypeProperties.mqtt5Configuration.propagatingAttributes[0].thingAttribute, "room");
        await call("CreateThingGroup", { thingGroupName: "n-house" });
        const room = await call("CreateThingGroup", { thingGroupName: "n-room", parentGroupName: "n-house", thingGroupProperties: { thingGroupDescription: "d" } });
        await refused("ResourceNotFoundException", 404, call("CreateThingGroup", { thingGroupName: "n-x", parentGroupName: "none" }));
        await call("AddThingToThingGroup", { thingGroupArn: room.thingGroupArn, thingName: "n:lamp" });
        await refused("ResourceNotFoundException", 404, call("AddThingToThingGroup", { thingGroupName: "none", thingName: "n:lamp" }));
        assert.deepStrictEqual((await call("ListThingsInThingGroup", { thingGroupName: "n-house", recursive: true })).things, ["n:lamp"]);
        assert.deepStrictEqual(names((await call("ListThingGroupsForThing", { thingName: "n:lamp" })).thingGroups, "groupName"), ["n-room"]);
        assert.deepStrictEqual(names((await call("ListThingGroups", { parentGroup: "n-house" })).thingGroups, "groupName"), ["n-room"]);
        assert.strictEqual((await call("UpdateThingGroup", { thingGroupName: "n-room", thingGroupProperties: { thingGroupDescription: "e" }, expectedVersion: 1 })).version, 2);
        const group = await call("DescribeThingGroup", { thingGroupName: "n-room" });
        assert.ok(group.thingGroupMetadata.creationDate instanceof Date && group.thingGroupMetadata.rootToParentThingGroups[0].groupName === "n-house");
        await call("UpdateThingGroupsForThing", { thingName: "n:lamp", thingGroupsToAdd: ["n-house"], thingGroupsToRemove: ["n-room"] });
        await call("RemoveThingFromThingGroup", { thingGroupName: "n-house", thingName: "n:lamp" });
        await call("TagResource", { resourceArn: room.thingGroupArn, tags: [{ Key: "k", Value: "v" }] });
        assert.deepStrictEqual((await call("ListTagsForResource", { resourceArn: room.thingGroupArn })).tags, [{ Key: "k", Value: "v" }]);
        await call("UntagResource", { resourceArn: room.thingGroupArn, tagKeys: ["k"] });
        await refused("ResourceNotFoundException", 404, call("ListTagsForResource", { resourceArn: room.thingGroupArn + "x" }));
        await refused("InvalidRequestException", 400, call("DeleteThingGroup", { thingGroupName: "n-house" }));
        for (const name of ["n-room", "n-house", "n-house"]) await call("DeleteThingGroup", { thingGroupName: name });
        await refused("InvalidRequestException", 400, call("DeleteThingType", { thingTypeName: "NLamp" }));
        await call("DeprecateThingType", { thingTypeName: "NLamp" });
        for (const name of listed) await call("DeleteThing", { thingName: name });
        await call("DeleteThingType", { thingTypeName: "NLamp" });
        await refused("ResourceNotFoundException", 404, call("DescribeThingType", { thingTypeName: "NLamp" }));
        assert.ok((await call("DescribeEndpoint", { endpointType: "iot:Data-ATS" })).endpointAddress.includes(":"));
        await refused("InvalidRequestException", 400, call("DescribeEndpoint", { endpointType: "x" }));
        const unknown = await refused("NotImplementedException", 501, call("ListSecurityProfiles"));
        assert.match(unknown.message, /ListSecurityProfiles/);
        """);

    [Fact]
    public Task CertificatesAndPolicies() => NodeAsync(
        """
        const certificate = await call("CreateKeysAndCertificate", { setAsActive: true });
        const { certificateArn: arn, certificateId: id } = certificate;
        assert.match(certificate.keyPair.PrivateKey, /PRIVATE KEY/);
        const described = (await call("DescribeCertificate", { certificateId: id })).certificateDescription;
        assert.ok(described.status === "ACTIVE" && described.creationDate instanceof Date && described.validity.notAfter instanceof Date);
        const taken = await refused("ResourceAlreadyExistsException", 409, call("RegisterCertificateWithoutCA", { certificatePem: certificate.certificatePem }));
        assert.strictEqual(taken.resourceId, id);
        await refused("CertificateValidationException", 400, call("RegisterCertificateWithoutCA", { certificatePem: "nonsense" }));
        await refused("CertificateStateException", 406, call("DeleteCertificate", { certificateId: id }));
        await refused("ResourceNotFoundException", 404, call("DescribeCertificate", { certificateId: "0".repeat(64) }));
        await call("CreateThing", { thingName: "n-cert" });
        await call("AttachThingPrincipal", { thingName: "n-cert", principal: arn, thingPrincipalType: "EXCLUSIVE_THING" });
        assert.deepStrictEqual((await call("ListThingPrincipals", { thingName: "n-cert" })).principals, [arn]);
        assert.deepStrictEqual((await call("ListThingPrincipalsV2", { thingName: "n-cert" })).thingPrincipalObjects, [{ principal: arn, thingPrincipalType: "EXCLUSIVE_THING" }]);
        assert.deepStrictEqual((await call("ListPrincipalThings", { principal: arn })).things, ["n-cert"]);
        assert.deepStrictEqual((await call("ListPrincipalThingsV2", { principal: arn })).principalThingObjects, [{ thingName: "n-cert", thingPrincipalType: "EXCLUSIVE_THING" }]);
        await refused("InvalidRequestException", 400, call("DeleteThing", { thingName: "n-cert" }));
        const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] }, null, 1);
        const policy = await call("CreatePolicy", { policyName: "n+policy", policyDocument: document });
        assert.strictEqual(policy.policyDocument, document);
        await refused("ResourceAlreadyExistsException", 409, call("CreatePolicy", { policyName: "n+policy", policyDocument: document }));
        await refused("MalformedPolicyException", 400, call("CreatePolicy", { policyName: "n-bad", policyDocument: "{" }));
        assert.strictEqual((await call("CreatePolicyVersion", { policyName: "n+policy", policyDocument: document, setAsDefault: true })).policyVersionId, "2");
        assert.strictEqual((await call("GetPolicy", { policyName: "n+policy" })).defaultVersionId, "2");
        assert.strictEqual((await call("GetPolicyVersion", { policyName: "n+policy", policyVersionId: "1" })).isDefaultVersion, false);
        await call("SetDefaultPolicyVersion", { policyName: "n+policy", policyVersionId: "1" });
        assert.deepStrictEqual(names((await call("ListPolicyVersions", { policyName: "n+policy" })).policyVersions, "versionId").sort(), ["1", "2"]);
        await refused("DeleteConflictException", 409, call("DeletePolicyVersion", { policyName: "n+policy", policyVersionId: "1" }));
        await call("DeletePolicyVersion", { policyName: "n+policy", policyVersionId: "2" });
        await call("AttachPolicy", { policyName: "n+policy", target: arn });
        await refused("ResourceNotFoundException", 404, call("AttachPolicy", { policyName: "none", target: arn }));
        assert.deepStrictEqual(names((await call("ListAttachedPolicies", { target: arn })).policies, "policyName"), ["n+policy"]);
        assert.deepStrictEqual((await call("ListTargetsForPolicy", { policyName: "n+policy" })).targets, [arn]);
        assert.deepStrictEqual((await call("ListPolicyPrincipals", { policyName: "n+policy" })).principals, [arn]);
        assert.deepStrictEqual(names((await call("ListPrincipalPolicies", { principal: arn })).policies, "policyName"), ["n+policy"]);
        assert.strictEqual((await call("GetEffectivePolicies", { principal: arn })).effectivePolicies[0].policyDocument, document);
        await refused("DeleteConflictException", 409, call("DeletePolicy", { policyName: "n+policy" }));
        await call("DetachPrincipalPolicy", { policyName: "n+policy", principal: arn });
        await call("AttachPrincipalPolicy", { policyName: "n+policy", principal: arn });
        await call("DetachPolicy", { policyName: "n+policy", target: arn });
        assert.ok(names((await call("ListPolicies", { pageSize: 250 })).policies, "policyName").includes("n+policy"));
        await call("DeletePolicy", { policyName: "n+policy" });
        await refused("ResourceNotFoundException", 404, call("GetPolicy", { policyName: "n+policy" }));
        await call("DetachThingPrincipal", { thingName: "n-cert", principal: arn });
        await call("UpdateCertificate", { certificateId: id, newStatus: "INACTIVE" });
        assert.ok(names((await call("ListCertificates", { ascendingOrder: true })).certificates, "certificateId").includes(id));
        await call("DeleteCertificate", { certificateId: id });
        await call("DeleteThing", { thingName: "n-cert" });
        assert.match((await call("GetRegistrationCode")).registrationCode, /^[0-9a-f]{64}$/);
        """);

    [Fact]
    public Task Messages() => NodeAsync(
        """
        await dataCall("Publish", { topic: "n/room 1/state", qos: 1, retain: true, payload: Buffer.from([0, 255]), userProperties: JSON.stringify([{ a: "b" }, { a: "c" }]), contentType: "x/y" });
        const retained = await dataCall("GetRetainedMessage", { topic: "n/room 1/state" });
        assert.deepStrictEqual([[...retained.payload], retained.qos], [[0, 255], 1]);
        assert.deepStrictEqual(JSON.parse(Buffer.from(retained.userProperties).toString()), [{ a: "b" }, { a: "c" }]);
        assert.ok(names((await dataCall("ListRetainedMessages", { maxResults: 200 })).retainedTopics, "topic").includes("n/room 1/state"));
        await dataCall("Publish", { topic: "n/room 1/state", retain: true, payload: Buffer.alloc(0) });
        await refused("ResourceNotFoundException", 404, dataCall("GetRetainedMessage", { topic: "n/room 1/state" }));
        await refused("InvalidRequestException", 400, dataCall("Publish", { topic: "n/#", payload: Buffer.from("x") }));
        await refused("RequestEntityTooLargeException", 413, dataCall("Publish", { topic: "n", payload: Buffer.alloc(131073) }));
        await refused("ResourceNotFoundException", 404, dataCall("DeleteConnection", { clientId: "nobody" }));
        const viewer = process.env.VIEWER.split(" ");
        const looking = new dataLib.IoTDataPlaneClient({ ...options, credentials: { accessKeyId: viewer[0], secretAccessKey: viewer[1] } });
        await refused("ForbiddenException", 403, looking.send(new dataLib.PublishCommand({ topic: "n", payload: Buffer.from("x") })));
        """);

    private Task<string> NodeAsync(string script) => gateway.AwsSdkAsync(script);
}
