// Drives a forum through discourse2, a client generated from Discourse's published API. Every call prints one line;
// the client itself checks what it sends and what it gets against the published schemas, and throws if they do not fit.
import Discourse from "discourse2";

const [url, key] = process.argv.slice(2);
const forum = new Discourse(url, { "Api-Key": key, "Api-Username": "system" });
let failed = 0;

async function call(name, parameters, check = () => true) {
  try {
    const answer = await forum[name](parameters);
    const fits = check(answer);
    console.log(fits ? "ok  " : "BAD ", name, fits ? "" : JSON.stringify(answer));
    failed += fits ? 0 : 1;
    return answer;
  } catch (error) {
    failed++;
    console.log("FAIL", name, error.message, JSON.stringify(error.errors ?? ""));
    return undefined;
  }
}

const site = await call("getSite", undefined, (answer) => answer.categories.length > 0);
await call("getSiteBasicInfo");
const category = await call("createCategory", { name: "From a client", color: "0088CC", text_color: "FFFFFF" });
const categoryId = category.category.id;
await call("updateCategory", { id: categoryId, name: "Still from a client" });
await call("getCategory", { id: categoryId }, (answer) => answer.category.name === "Still from a client");
await call("listCategories", {}, (answer) => answer.category_list.categories.some((one) => one.id === categoryId));

const first = await call("createTopicPostPM", { title: "A topic made by a client", raw: "The first post of a topic made by a client", category: categoryId });
const topic = String(first.topic_id);
const reply = await call("createTopicPostPM", { topic_id: first.topic_id, raw: "A reply made by a client, about marmalade", reply_to_post_number: 1 });
await call("getTopic", { id: topic }, (answer) => answer.post_stream.posts.length === 2);
await call("getSpecificPostsFromTopic", { id: topic, "post_ids[]": reply.id });
await call("getPost", { id: String(reply.id) }, (answer) => answer.raw.includes("marmalade"));
await call("updatePost", { id: String(reply.id), post: { raw: "A reply changed by a client, about marmalade", edit_reason: "taste" } });
await call("postReplies", { id: String(first.id) }, (answer) => answer.length === 1);
await call("lockPost", { id: String(reply.id), locked: "true" });
await call("lockPost", { id: String(reply.id), locked: "false" });
await call("listPosts", {}, (answer) => answer.latest_posts.some((post) => post.id === reply.id));
await call("listLatestTopics", {}, (answer) => answer.topic_list.topics.some((one) => one.id === first.topic_id));
await call("listTopTopics", { period: "all" });
await call("listCategoryTopics", { slug: category.category.slug, id: categoryId }, (answer) => answer.topic_list.topics.some((one) => one.id === first.topic_id));
await call("updateTopic", { id: topic, topic: { title: "A topic renamed by a client" } });
await call("updateTopicStatus", { id: topic, status: "closed", enabled: "true" });
await call("updateTopicStatus", { id: topic, status: "closed", enabled: "false" });
await call("createTopicTimer", { id: topic, time: "2099-01-01", status_type: "close" });
await call("updateTopicTimestamp", { id: topic, timestamp: "1594291380" });
await call("setNotificationLevel", { id: topic, notification_level: "3" });
await call("bookmarkTopic", { id: topic });
await call("search", { q: "marmalade" }, (answer) => answer.posts.some((post) => post.topic_id === first.topic_id));

const group = await call("createGroup", { group: { name: "clients", bio_raw: "Those who **use** clients" } });
const groupId = group.basic_group.id;
const member = await call("createUser", { name: "Made by a client", username: "made_by_client", email: "made@example.com", password: "long enough for anyone", active: true, approved: true });
await call("addGroupMembers", { id: groupId, usernames: "made_by_client" });
await call("listGroupMembers", { id: "clients" }, (answer) => answer.members.some((one) => one.username === "made_by_client"));
await call("removeGroupMembers", { id: groupId, usernames: "made_by_client" });
await call("updateGroup", { id: groupId, group: { name: "good_clients" } });
await call("getGroup", { id: "good_clients" }, (answer) => answer.group.name === "good_clients");
await call("listGroups", undefined, (answer) => answer.groups.some((one) => one.name === "good_clients"));
await call("deleteGroup", { id: groupId });

await call("getUser", { username: "made_by_client" }, (answer) => answer.user.name === "Made by a client");
await call("adminGetUser", { id: member.user_id }, (answer) => answer.username === "made_by_client");
await call("updateUser", { username: "made_by_client", name: "Renamed by a client" });
await call("updateUsername", { username: "made_by_client", new_username: "renamed_by_client" });
await call("listUserBadges", { username: "renamed_by_client" });
await call("listUserActions", { offset: 0, username: "system", filter: "4,5" });
await call("listUsersPublic", { period: "all", order: "likes_received" });
await call("adminListUsers", { flag: "active" });
await call("suspendUser", { id: member.user_id, suspend_until: "2099-01-01", reason: "a client said so" });
await call("silenceUser", { id: member.user_id, silenced_till: "2099-01-01", reason: "so did another" });
await call("logOutUser", { id: member.user_id });
await call("anonymizeUser", { id: member.user_id });
await call("deleteUser", { id: member.user_id, delete_posts: true });

await call("listTags");
const tags = await call("createTagGroup", { name: "client tags" });
await call("updateTagGroup", { id: String(tags.tag_group.id), name: "tags of clients" });
await call("getTagGroup", { id: String(tags.tag_group.id) });
await call("listTagGroups");
const badge = await call("createBadge", { name: "Client", badge_type_id: 3 });
await call("updateBadge", { id: badge.badge.id, name: "Good client", badge_type_id: 3 });
await call("adminListBadges");
await call("deleteBadge", { id: badge.badge.id });
await call("createInvite", { email: "invited@example.com" });
await call("getNotifications");
await call("markNotificationsAsRead");
await call("listUserPrivateMessages", { username: "system" });
await call("getUserSentPrivateMessages", { username: "system" });
await call("getBackups");

const dot = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="), (c) => c.charCodeAt(0));
await call("createUpload", { type: "composer", synchronous: true, file: new File([dot], "dot.png", { type: "image/png" }) }, (answer) => answer.width === 1);

await call("deletePost", { id: reply.id });
await call("removeTopic", { id: topic });
console.log(failed === 0 ? "every call succeeded" : `${failed} calls failed`);
process.exit(failed === 0 ? 0 : 1);
