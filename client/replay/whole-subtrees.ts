/**
 * A plugin of the build that lets @rrweb/replay build what is added with everything below it, instead of node by node: our
 * recorder says it so. It knows the text of one version, 2.1.6, and refuses another one.
 */
const NODE_BY_NODE = /(\/\/ can be this\.mirror or virtualDom\.mirror\s+skipChild: )true/;

export function wholeSubtrees() {
  return {
    name: 'whole-subtrees',
    transform(code: string, id: string) {
      if (!/[\\/]@rrweb[\\/]replay[\\/]dist[\\/]replay\.js/.test(id)) return null;
      if (!NODE_BY_NODE.test(code)) throw new Error('@rrweb/replay builds additions in another way: look at it anew.');
      return { code: code.replace(NODE_BY_NODE, '$1false'), map: null };
    },
  };
}
